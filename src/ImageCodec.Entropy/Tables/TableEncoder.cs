using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Tables;

/// <summary>The encoding side of the table coder. It goes from the last value to the first and fills its buffer from the end.</summary>
internal unsafe ref struct TableEncoder : IDisposable
{
    /// <summary>States lie from here up to 2^63.</summary>
    public const ulong Low = 1UL << 31;

    /// <summary>Values coded between two looks at the room left.</summary>
    private const int BlockLength = 1 << 12;

    /// <summary>No value takes more bytes: 16 bits, and 22 more if escaped.</summary>
    private const int MaxBytesPerValue = 5;

    private readonly TableLayout _layout;
    private byte[] _buffer;
    private int _start;

    /// <summary>Makes an encoder that borrows its buffer until it is disposed of.</summary>
    public TableEncoder(TableLayout layout)
    {
        _layout = layout;
        _buffer = [];
    }

    /// <summary>
    /// What states begin with. A single one may begin below <see cref="Low"/>, which saves four bytes: near the end of decoding it
    /// comes below again, when there are no words left. With several the words left could be another one's. (With 0 the
    /// quotient for the frequency 1 would be wrong.)
    /// </summary>
    public static ulong GetFirstState(int stateCount) => stateCount == 1 ? 1 : Low;

    /// <summary>The bytes of the stream.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>Copies the stream.</summary>
    public readonly void CopyTo(Span<byte> destination) => _buffer.AsSpan(_start).CopyTo(destination);

    /// <summary>Gives the buffer back.</summary>
    public readonly void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    /// <summary>Codes all values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="indices">As many indices, each of a table.</param>
    /// <param name="cancellationToken">Stops the work between two blocks.</param>
    public void Encode(ReadOnlySpan<short> values, ReadOnlySpan<byte> indices, CancellationToken cancellationToken)
    {
        int stateCount = TableCoder.GetStateCount(values.Length);
        ulong* states = stackalloc ulong[stateCount];
        new Span<ulong>(states, stateCount).Fill(GetFirstState(stateCount));
        fixed (short* value = values)
        fixed (byte* index = indices)
        fixed (TableHead* heads = _layout.Heads)
        fixed (EncodeEntry* entries = _layout.EncodeEntries)
        {
            for (int end = values.Length; end > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int begin = Math.Max(0, end - BlockLength);
                MakeRoom(BlockLength * MaxBytesPerValue, values.Length);
                fixed (byte* buffer = _buffer)
                {
                    uint* words = EncodeBlock(value, index, begin, end, states, (uint)stateCount - 1, (uint*)(buffer + _start), heads, entries);
                    _start = (int)((byte*)words - buffer);
                }

                end = begin;
            }
        }

        PutStates(new ReadOnlySpan<ulong>(states, stateCount), values.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint* EncodeBlock(
        short* values, byte* indices, nint begin, nint end, ulong* states, nuint mask, uint* words, TableHead* heads, EncodeEntry* entries)
    {
        for (nint i = end - 1; i >= begin; i--)
        {
            TableHead* head = heads + indices[i];
            ulong* state = states + ((nuint)i & mask);
            ulong x = *state;
            uint place = (uint)(values[i] - head->MinValue);
            if (place >= (uint)head->ValueCount)
            {
                x = EncodeEscape(x, values[i], head, ref words);
                place = (uint)head->ValueCount;
            }

            EncodeEntry* entry = entries + ((nuint)(uint)head->FirstEntry + place);
            uint both = entry->FrequencyAndShift;
            ulong frequency = (ushort)both;

            // A state of frequency · 2^47 or more would leave the 63 bits: its lower half becomes a word.
            uint isFull = (uint)(((frequency << 47) - 1 - x) >> 63);
            Unsafe.WriteUnaligned(words - 1, LittleEndian((uint)x));
            words -= isFull;
            x >>= (int)(isFull << 5);

            ulong quotient = Math.BigMul(x, entry->Reciprocal, out _) >> (int)(both >> 16);
            *state = x + (ulong)(uint)entry->Offset + (quotient * (FrequencyTable.Total - frequency));
        }

        return words;
    }

    /// <summary>Codes an escaped value's raw bits; they come before the escape here, as decoding meets them after it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong EncodeEscape(ulong x, int value, TableHead* head, ref uint* words)
    {
        int distance = EscapeCode.FromValue(value, head->MinValue, head->MinValue + head->ValueCount - 1);
        int length = EscapeCode.GetLength(distance);
        x = PutBits(x, (uint)(distance + 1 - (1 << length)), length, ref words);
        return PutBits(x, (uint)length, EscapeCode.LengthBits, ref words);
    }

    private static ulong PutBits(ulong x, uint bits, int count, ref uint* words)
    {
        if (x >> (63 - count) != 0)
        {
            Unsafe.WriteUnaligned(--words, LittleEndian((uint)x));
            x >>= 32;
        }

        return (x << count) | bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LittleEndian(uint x) => BitConverter.IsLittleEndian ? x : BinaryPrimitives.ReverseEndianness(x);

    /// <summary>
    /// Puts the states before the words: the first one without its upper zero bytes, but, if there are words, in 5 to 8 bytes, so that the length of
    /// the stream tells which; then the others in 8 bytes each.
    /// </summary>
    private void PutStates(ReadOnlySpan<ulong> states, int valueCount)
    {
        bool hasWords = Length > 0;
        MakeRoom(8 * states.Length, valueCount);
        for (int i = states.Length - 1; i > 0; i--)
        {
            _start -= sizeof(ulong);
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_start), states[i]);
        }

        ulong first = states[0];
        for (int i = 0; first > (valueCount == 0 ? 1UL : 0) || (hasWords && i < 5); i++)
        {
            _buffer[--_start] = (byte)first;
            first >>= 8;
        }
    }

    /// <summary>Makes room before the bytes written, with a word to spare for the kernel's store ahead.</summary>
    private void MakeRoom(int length, int valueCount)
    {
        length += sizeof(uint);
        if (_start >= length)
        {
            return;
        }

        // Half a byte a value is a usual rate; from there on by doubling.
        int size = Math.Max(Length + length + (valueCount / 2), 2 * Length);
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        int start = larger.Length - Length;
        _buffer.AsSpan(_start).CopyTo(larger.AsSpan(start));
        Dispose();
        _buffer = larger;
        _start = start;
    }
}
