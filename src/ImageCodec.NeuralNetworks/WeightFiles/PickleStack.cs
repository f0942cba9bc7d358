using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks;

/// <summary>The stack of a pickle with its marks, and the values it remembers. Nothing below the last mark can be reached.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>Whether no value and no mark is left.</summary>
    public bool IsEmpty => _values.Count == 0 && _marks.Count == 0;

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value) => _values.Add(value);

    /// <summary>Puts a mark on top.</summary>
    public void Mark() => _marks.Push(_values.Count);

    /// <summary>The value on top.</summary>
    /// <exception cref="InvalidFileException">There is none above the last mark.</exception>
    public object? Peek(long offset)
    {
        int floor = _marks.TryPeek(out int mark) ? mark : 0;
        return _values.Count > floor ? _values[^1] : throw PickleError.Make("An operation needs a value, but there is none.", offset);
    }

    /// <summary>Takes the value on top.</summary>
    /// <exception cref="InvalidFileException">There is none above the last mark.</exception>
    public object? Pop(long offset)
    {
        object? value = Peek(offset);
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>Takes all values above the last mark, lowest first, and the mark.</summary>
    /// <exception cref="InvalidFileException">There is no mark.</exception>
    public object?[] PopToMark(long offset)
    {
        if (!_marks.TryPop(out int mark))
        {
            throw PickleError.Make("An operation needs a mark, but there is none.", offset);
        }

        object?[] taken = CollectionsMarshal.AsSpan(_values)[mark..].ToArray();
        _values.RemoveRange(mark, taken.Length);
        return taken;
    }

    /// <summary>Remembers the value on top under a number.</summary>
    /// <exception cref="InvalidFileException">There is no value.</exception>
    public void Remember(uint number, long offset) => _memo[number] = Peek(offset);

    /// <summary>Puts a remembered value on top.</summary>
    /// <exception cref="InvalidFileException">Nothing is remembered under the number.</exception>
    public void Recall(uint number, long offset) =>
        Push(_memo.TryGetValue(number, out object? value)
            ? value
            : throw PickleError.Make($"Value {number} is recalled, but was never remembered.", offset));
}
