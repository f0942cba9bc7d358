using System.Runtime.InteropServices;
using ImageCodec.Entropy.Tables;

namespace ImageCodec.Entropy;

/// <summary>
/// Reads a stream of <see cref="TableCoder"/> piece by piece, for values whose tables depend on values before them. Pieces may have any length.
/// </summary>
/// <remarks>
/// Only <see cref="TableCoder.CreateReader"/> makes one; one by default can't read. Pass it on by <c>ref</c>: a copy shares a part of the state, so each
/// spoils the other. Used by one thread.
/// </remarks>
public ref struct TableReader
{
    private readonly TableCoder _coder;
    private readonly ReadOnlySpan<byte> _source;
    private readonly ulong[] _states;
    private int _position;

    internal TableReader(TableCoder coder, ReadOnlySpan<byte> source, int valueCount)
    {
        _coder = coder;
        _source = source;
        _states = new ulong[TableCoder.GetStateCount(valueCount)];
        Remaining = valueCount;
        IsSound = TableDecoder.TryTakeStates(source, _states, valueCount == 0, out _position);
    }

    /// <summary>Values that have not been read yet.</summary>
    internal int Remaining { get; private set; }

    /// <summary>Whether no damage has been seen so far.</summary>
    private bool IsSound { get; set; }

    private int TurnsDone { get; set; }

    /// <summary>
    /// Whether all values have been read, and the stream ended with them as it should: the check that sees most damage. False for a reader by default.
    /// </summary>
    public readonly bool IsAtEnd => IsSound && Remaining == 0 && _position == _source.Length
        && _states.AsSpan().IndexOfAnyExcept(TableEncoder.GetFirstState(_states.Length)) < 0;

    /// <summary>Reads the next values, any number of those that remain.</summary>
    /// <param name="indices">For each value the index of its table, as for encoding.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>Whether the stream is sound as far as can be seen; if not, the contents of <paramref name="values"/> are not defined.</returns>
    /// <exception cref="ArgumentException">The spans differ in length, an index names no table, or so many values do not remain.</exception>
    /// <exception cref="InvalidOperationException">This reader was not made by <see cref="TableCoder.CreateReader"/>.</exception>
    public bool TryRead(ReadOnlySpan<byte> indices, Span<short> values)
    {
        if (_coder is null)
        {
            throw new InvalidOperationException($"This reader has no stream; {nameof(TableCoder)}.{nameof(TableCoder.CreateReader)} makes one that has.");
        }

        _coder.CheckSpans(values.Length, indices);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Remaining, nameof(values));
        return Advance(indices, values);
    }

    /// <summary>
    /// Reads the next values, of which those with tables that have twins are on the paths of a <see cref="Trellis"/>, each of the coder's states on one of its own, from the
    /// first of these values on.
    /// </summary>
    /// <param name="indices">For each value the index of its table, or of the first of two twins; becomes that of its table.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>Whether the stream is sound as far as can be seen.</returns>
    internal unsafe bool TryReadTrellis(Span<byte> indices, Span<short> values)
    {
        FrequencyTableSet set = _coder.Tables;
        _coder.CheckSpans(values.Length, indices);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Remaining, nameof(values));
        if (set.TwinCount > 0 && indices.IndexOfAnyInRange((byte)(set.Tables.Count - set.TwinCount), byte.MaxValue) >= 0)
        {
            throw new ArgumentException("An index is that of a second twin.", nameof(indices));
        }

        byte* paths = stackalloc byte[_states.Length];
        new Span<byte>(paths, _states.Length).Clear();
        return Advance(new TrellisChoice(paths, set.FirstWithTwin, set.TwinCount), indices, values);
    }

    /// <summary>Reads the next values; the caller has checked the spans.</summary>
    internal bool Advance(ReadOnlySpan<byte> indices, Span<short> values) =>
        Advance(default(IndexChoice), MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(indices), indices.Length), values);

    private bool Advance<TChoice>(TChoice choice, Span<byte> indices, Span<short> values)
        where TChoice : struct, ITableChoice
    {
        int turn = TurnsDone & (_states.Length - 1);
        IsSound = IsSound && TableDecoder.TryDecode(choice, _coder.Tables.Layout, _source, ref _position, _states, turn, indices, values);
        TurnsDone += values.Length;
        Remaining -= values.Length;
        return IsSound;
    }
}
