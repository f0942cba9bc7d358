using System.Buffers.Binary;
using System.Text;

namespace ImageCodec.NeuralNetworks;

/// <summary>
/// Reads a pickle of protocol 2 with just the operations that state dicts use. It builds plain values and runs nothing:
/// a name of Python is looked up in <see cref="PickleGlobals"/>, and a call is one of <see cref="PickleCalls"/>.
/// </summary>
/// <remarks>
/// Every operation makes at most one small object, none copies, and nothing here recurses, so that the limits on length and
/// operations keep the memory below some 200 MiB however the pickle is made. A value can hold itself; who walks values must
/// not follow them to any depth.
/// </remarks>
internal ref struct PickleReader
{
    /// <summary>The longest pickle that is read, in bytes. One tensor takes about 200.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>The most operations that are carried out. One tensor takes about 30.</summary>
    public const int MaxOperations = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly PickleStack _stack = new();
    private int _at;
    private int _operationStart;

    private PickleReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads a pickle.</summary>
    /// <param name="bytes">The whole pickle.</param>
    /// <returns>
    /// Its value: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, an array of such values for a tuple,
    /// or one of the types beside <see cref="PickleDictionary"/>.
    /// </returns>
    /// <exception cref="InvalidFileException">The bytes are not such a pickle, or past a limit.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes) => new PickleReader(bytes).Run();

    private object? Run()
    {
        if (_bytes.Length > MaxLength)
        {
            throw PickleError.Make($"The pickle has {_bytes.Length} bytes, more than the limit of {MaxLength}.", 0);
        }

        for (int operation = 0; operation < MaxOperations; operation++)
        {
            _operationStart = _at;
            byte code = Take(1)[0];
            if (code == (byte)'.')
            {
                return Stop();
            }

            Perform(code);
        }

        throw PickleError.Make($"The pickle has more than {MaxOperations} operations, the limit.", _at);
    }

    /// <summary>Carries out one operation; their names are those of Python's pickletools.</summary>
    private void Perform(byte code)
    {
        switch (code)
        {
            case 0x80:
                CheckProtocol(Take(1)[0]);
                break;
            case (byte)'(':
                _stack.Mark();
                break;
            case (byte)'c':
                _stack.Push(ReadGlobal());
                break;
            case (byte)'Q':
                _stack.Push(PickleCalls.LoadStorage(Pop(), _operationStart));
                break;
            case (byte)'R':
                object? arguments = Pop();
                _stack.Push(PickleCalls.Call(Pop(), arguments, _operationStart));
                break;
            case (byte)'b':
                Build();
                break;
            case (byte)'q':
                _stack.Remember(Take(1)[0], _operationStart);
                break;
            case (byte)'r':
                _stack.Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), _operationStart);
                break;
            case (byte)'h':
                _stack.Recall(Take(1)[0], _operationStart);
                break;
            case (byte)'j':
                _stack.Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), _operationStart);
                break;
            case (byte)'s' or (byte)'u' or (byte)'a' or (byte)'e':
                Fill(code);
                break;
            default:
                _stack.Push(ReadValue(code));
                break;
        }
    }

    /// <summary>The operations that push a value: numbers, texts and empty or new collections.</summary>
    private object? ReadValue(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                return null;
            case 0x88:
                return true;
            case 0x89:
                return false;
            case (byte)'K':
                return (long)Take(1)[0];
            case (byte)'M':
                return (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
            case (byte)'J':
                return (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4));
            case 0x8A:
                return ReadLong();
            case (byte)'G':
                return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
            case (byte)'X':
                return Decode(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
            case (byte)'}':
                return new PickleDictionary();
            case (byte)']':
                return new PickleList();
            case (byte)')':
                return Array.Empty<object?>();
            case 0x85:
                return new[] { Pop() };
            case 0x86:
                object? second = Pop();
                return new[] { Pop(), second };
            case 0x87:
                object? last = Pop();
                object? middle = Pop();
                return new[] { Pop(), middle, last };
            case (byte)'t':
                return _stack.PopToMark(_operationStart);
            default:
                throw PickleError.Make(
                    $"The operation 0x{code:X2} is none that state dicts use; refused. Save the state dict alone, with torch.save's default protocol.",
                    _operationStart);
        }
    }

    /// <summary>SETITEM, SETITEMS, APPEND and APPENDS: values from the stack go into the collection below them.</summary>
    private void Fill(byte code)
    {
        object?[] items;
        if (code is (byte)'u' or (byte)'e')
        {
            items = _stack.PopToMark(_operationStart);
        }
        else
        {
            object? value = Pop();
            items = code == (byte)'s' ? [Pop(), value] : [value];
        }

        object? collection = _stack.Peek(_operationStart);
        if (code is (byte)'a' or (byte)'e')
        {
            if (collection is not PickleList)
            {
                throw PickleError.Make($"Values are appended to {PickleError.Describe(collection)}, but a list is expected.", _operationStart);
            }

            return;
        }

        if (collection is not PickleDictionary dictionary || items.Length % 2 != 0)
        {
            throw PickleError.Make(
                $"{items.Length} keys and values are set in {PickleError.Describe(collection)}, but pairs in a dictionary are expected.",
                _operationStart);
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Pairs.Add(new(items[i], items[i + 1]));
        }
    }

    /// <summary>BUILD: PyTorch hangs <c>_metadata</c> on a state dict this way, versions of modules that say nothing about the weights.</summary>
    private void Build()
    {
        object? state = Pop();
        object? target = _stack.Peek(_operationStart);
        if (state is not PickleDictionary || target is not PickleDictionary)
        {
            throw PickleError.Make(
                $"The state of {PickleError.Describe(target)} is set to {PickleError.Describe(state)}; only a dictionary's to a dictionary is expected.",
                _operationStart);
        }
    }

    private object? Stop()
    {
        object? value = Pop();
        if (!_stack.IsEmpty)
        {
            throw PickleError.Make("The pickle stops with more than one value.", _operationStart);
        }

        return _at == _bytes.Length
            ? value
            : throw PickleError.Make($"The pickle stops, but {_bytes.Length - _at} bytes follow.", _at);
    }

    private readonly void CheckProtocol(byte protocol)
    {
        if (protocol != 2)
        {
            throw PickleError.Make(
                $"The pickle's protocol is {protocol}; only 2, which torch.save uses unless told otherwise, is supported.", _operationStart);
        }
    }

    private PickleGlobal ReadGlobal()
    {
        string module = ReadLine();
        string name = ReadLine();
        return PickleGlobals.Find(module, name) ?? throw PickleError.Make(
            $"The pickle names the Python object {FoundText.Quote($"{module}.{name}")}, which no plain state dict of floats needs; refused, and not run. " +
            "Save the state dict alone.",
            _operationStart);
    }

    private string ReadLine()
    {
        int length = _bytes[_at..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw PickleError.Make("The name of a Python object does not end.", _operationStart);
        }

        string line = Decode(Take((uint)length));
        Take(1);
        return line;
    }

    /// <summary>LONG1: a whole number of at most 8 bytes, little-endian in two's complement.</summary>
    private long ReadLong()
    {
        int length = Take(1)[0];
        if (length > sizeof(long))
        {
            throw PickleError.Make($"A whole number has {length} bytes, more than 8.", _operationStart);
        }

        ReadOnlySpan<byte> bytes = Take((uint)length);
        long value = length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private readonly string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException cause)
        {
            throw PickleError.Make("A text is not valid UTF-8.", _operationStart, cause);
        }
    }

    private readonly object? Pop() => _stack.Pop(_operationStart);

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > _bytes.Length - _at)
        {
            throw PickleError.Make($"The pickle ends, but {count} more bytes are expected at {_at}.", _operationStart);
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }
}
