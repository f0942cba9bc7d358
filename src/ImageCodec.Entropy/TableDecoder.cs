using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy;

/// <summary>The decoding side of the table coder.</summary>
internal static unsafe class TableDecoder
{
    /// <summary>Values decoded between two looks at the words left; a value takes a word at most, an escaped one three.</summary>
    private const int BlockLength = 64;

    /// <summary>Decodes all values.</summary>
    /// <param name="layout">The tables.</param>
    /// <param name="source">The stream.</param>
    /// <param name="indices">Indices, each of a table.</param>
    /// <param name="values">Room for as many values.</param>
    /// <returns>Whether every byte was used and every state ended as it had begun.</returns>
    public static bool TryDecode(TableLayout layout, ReadOnlySpan<byte> source, ReadOnlySpan<byte> indices, Span<short> values)
    {
        int stateCount = TableCoder.GetStateCount(values.Length);
        ulong* states = stackalloc ulong[stateCount];
        Span<ulong> stateSpan = new(states, stateCount);
        if (!TryTakeStates(source, stateSpan, values.Length == 0, out int position))
        {
            return false;
        }

        nuint mask = (nuint)stateCount - 1;
        fixed (short* value = values)
        fixed (byte* index = indices, bytes = source)
        fixed (ushort* hints = layout.Hints)
        fixed (short* lastSlots = layout.LastSlots)
        fixed (DecodeEntry* entries = layout.DecodeEntries)
        {
            uint* words = (uint*)(bytes + position);
            uint* end = (uint*)(bytes + source.Length);
            nint done = 0;
            while (done < values.Length)
            {
                nint next = Math.Min(values.Length, done + BlockLength);
                if (end - words >= BlockLength)
                {
                    done = DecodeBlock(value, index, done, next, states, mask, ref words, hints, lastSlots, entries);
                }

                // The rest of a block after an escape, and the blocks near the end of the words.
                for (; done < next; done++)
                {
                    if (!DecodeValue(layout, value + done, index[done], ref states[(nuint)done & mask], ref words, end))
                    {
                        return false;
                    }
                }
            }

            if (words != end)
            {
                return false;
            }
        }

        return stateSpan.IndexOfAnyExcept(TableEncoder.GetFirstState(stateCount)) < 0;
    }

    /// <summary>Decodes up to the end or the first escape; the caller has seen to a word for each value.</summary>
    /// <returns>The first value that is not decoded.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint DecodeBlock(
        short* values, byte* indices, nint begin, nint end, ulong* states, nuint mask, ref uint* wordsOut, ushort* hints, short* lastSlots, DecodeEntry* entries)
    {
        uint* words = wordsOut;
        nint i = begin;
        for (; i < end; i++)
        {
            ulong* state = states + ((nuint)i & mask);
            ulong x = *state;
            nuint slot = (ushort)x;
            nuint hint = hints[((nuint)indices[i] * TableLayout.HintCount) + (slot >> TableLayout.HintShift)];
            nuint place = hint + CountBelow(lastSlots + hint, (short)(slot ^ TableLayout.Bias));
            ulong entry = Unsafe.ReadUnaligned<ulong>(entries + place);
            if (entry >> 48 != 0)
            {
                break;
            }

            values[i] = (short)(entry >> 32);
            x = ((x >> 16) * (ushort)entry) + slot - (ushort)(entry >> 16);
            uint isLow = (uint)((x - TableEncoder.Low) >> 63);
            ulong word = LittleEndian(Unsafe.ReadUnaligned<uint>(words)) & (0u - isLow);
            x = (x << (int)(isLow << 5)) | word;
            words += isLow;
            *state = x;
        }

        wordsOut = words;
        return i;
    }

    /// <summary>How many entries from a hint on end below a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint CountBelow(short* lastSlots, short slot)
    {
        nuint count;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<short> below = Vector128.LessThan(Vector128.Load(lastSlots), Vector128.Create(slot));
            count = (nuint)BitOperations.PopCount(below.AsByte().ExtractMostSignificantBits()) >> 1;
            if (count < TableLayout.SearchWidth)
            {
                return count;
            }
        }
        else
        {
            count = 0;
        }

        while (lastSlots[count] < slot)
        {
            count++;
        }

        return count;
    }

    /// <summary>Decodes one value, escaped or not, with all checks.</summary>
    /// <returns>Whether it is one of 16 bits.</returns>
    private static bool DecodeValue(TableLayout layout, short* value, byte index, ref ulong state, ref uint* words, uint* end)
    {
        ulong x = state;
        int slot = (ushort)x;
        int place = layout.Hints[(index * TableLayout.HintCount) + (slot >> TableLayout.HintShift)];
        while (layout.LastSlots[place] < (short)(slot ^ TableLayout.Bias))
        {
            place++;
        }

        ref readonly DecodeEntry entry = ref layout.DecodeEntries[place];
        state = Refill(((x >> 16) * entry.Frequency) + (uint)(slot - entry.Start), ref words, end);
        int decoded = entry.Value;
        if (entry.IsEscape != 0)
        {
            int length = (int)TakeBits(ref state, EscapeCode.LengthBits, ref words, end);
            if (length > EscapeCode.MaxLength)
            {
                return false;
            }

            int distance = (1 << length) + (int)TakeBits(ref state, length, ref words, end) - 1;
            ref readonly TableHead head = ref layout.Heads[index];
            decoded = EscapeCode.ToValue(distance, head.MinValue, head.MinValue + head.ValueCount - 1);
        }

        *value = (short)decoded;
        return *value == decoded;
    }

    private static uint TakeBits(ref ulong state, int count, ref uint* words, uint* end)
    {
        uint bits = (uint)(state & ((1UL << count) - 1));
        state = Refill(state >> count, ref words, end);
        return bits;
    }

    private static ulong Refill(ulong x, ref uint* words, uint* end)
        => x < TableEncoder.Low && words < end ? (x << 32) | LittleEndian(Unsafe.ReadUnaligned<uint>(words++)) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LittleEndian(uint x) => BitConverter.IsLittleEndian ? x : BinaryPrimitives.ReverseEndianness(x);

    /// <summary>Reads the states as the encoder puts them.</summary>
    private static bool TryTakeStates(ReadOnlySpan<byte> source, Span<ulong> states, bool isEmpty, out int position)
    {
        // The first state, and words, if there are any behind 5 to 8 bytes of it.
        int rest = source.Length - (sizeof(ulong) * (states.Length - 1));
        position = 0;
        if (rest < 0)
        {
            return false;
        }

        int length = rest <= 8 ? rest : 5 + ((rest - 5) & 3);
        ulong first = 0;
        for (; position < length; position++)
        {
            first = (first << 8) | source[position];
        }

        // The encoder leaves upper zero bytes out, and all of the state where there are no values.
        bool isCanonical = length == 0 || source[0] != 0 || (rest > 8 && length == 5);
        states[0] = isEmpty && length == 0 ? 1 : first;
        for (int i = 1; i < states.Length; i++)
        {
            states[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[position..]);
            position += sizeof(ulong);
        }

        bool isInRange = states.IndexOfAnyInRange(1UL << 63, ulong.MaxValue) < 0;
        return isCanonical && isInRange;
    }
}
