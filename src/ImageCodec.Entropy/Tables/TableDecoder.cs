using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy.Tables;

/// <summary>The decoding side of the table coder.</summary>
internal static unsafe class TableDecoder
{
    /// <summary>The most values decoded between two looks at the words left; a value takes a word at most.</summary>
    private const int BlockLength = 1 << 10;

    /// <summary>Decodes values, from where the last call ended.</summary>
    /// <typeparam name="TChoice">How an index names a table.</typeparam>
    /// <param name="choice">Chooses tables.</param>
    /// <param name="layout">The tables.</param>
    /// <param name="source">The stream.</param>
    /// <param name="position">Where its next word begins; moved on.</param>
    /// <param name="states">The states.</param>
    /// <param name="turn">The state that is next.</param>
    /// <param name="indices">Indices, each of a table, or of one that has a twin.</param>
    /// <param name="values">Room for as many values.</param>
    /// <returns>Whether there were such values.</returns>
    public static bool TryDecode<TChoice>(
        TChoice choice, TableLayout layout, ReadOnlySpan<byte> source, ref int position, Span<ulong> states, int turn, Span<byte> indices, Span<short> values)
        where TChoice : struct, ITableChoice
    {
        nuint mask = (nuint)states.Length - 1;

        // Wide steps begin with the first state.
        bool useSteps = TableDecoderAvx512.IsSupported && states.Length % TableDecoderAvx512.Lanes == 0 && turn == 0;
        fixed (short* value = values)
        fixed (byte* index = indices, bytes = source, memory = layout.DecodeMemory)
        fixed (ulong* state = states)
        {
            DecodeTables tables = new(memory);
            uint* words = (uint*)(bytes + position);
            uint* end = (uint*)(bytes + source.Length);
            nint done = 0;
            while (done < values.Length)
            {
                nint room = (nint)Math.Min(end - words, BlockLength);
                nint next = Math.Min(values.Length, done + room);
                if (useSteps && (done & (TableDecoderAvx512.Lanes - 1)) == 0 && room >= 2 * TableDecoderAvx512.WordsAhead)
                {
                    nint before = done;
                    done = TableDecoderAvx512.Decode(
                        choice, value, index, done, next - TableDecoderAvx512.WordsAhead, state, mask, ref words, tables);
                    if (done > before)
                    {
                        continue;
                    }

                    // An escape within the next step: go past it one by one.
                    next = Math.Min(values.Length, done + TableDecoderAvx512.Lanes);
                }

                done = DecodeBlock(choice, value, index, done, next, state, (nuint)turn, mask, ref words, tables);
                if (done == values.Length || (done == next && words < end))
                {
                    continue;
                }

                // An escape, a value far from its hint, or one after the last word.
                nuint number = ((nuint)turn + (nuint)done) & mask;
                int table = choice.TableOf(index[done], number);
                if (!DecodeValue(tables, layout.Heads[table], value + done, table, ref state[number], ref words, end))
                {
                    return false;
                }

                choice.Learn(ref index[done], table, number, value[done]);

                done++;
            }

            position = (int)((byte*)words - bytes);
        }

        return true;
    }

    /// <summary>
    /// Decodes up to the end or the first value that is an escape or too far from its hint; the caller has seen to a word for each value.
    /// </summary>
    /// <returns>The first value that is not decoded.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint DecodeBlock<TChoice>(
        TChoice choice, short* values, byte* indices, nint begin, nint end, ulong* states, nuint firstTurn, nuint mask, ref uint* wordsOut, DecodeTables tables)
        where TChoice : struct, ITableChoice
    {
        uint* words = wordsOut;
        byte* index = indices + begin;
        byte* last = indices + end;
        values += begin;
        nuint turn = firstTurn + (nuint)begin;
        for (; index < last; index++, values++, turn++)
        {
            nuint number = turn & mask;
            ulong* state = states + number;
            int table = choice.TableOf(*index, number);
            ulong x = *state;
            uint slot = (ushort)x;
            nuint place = tables.Hints[((nuint)table * DecodeTables.HintCount) + (slot >> DecodeTables.HintShift)];
            slot ^= DecodeTables.Bias;
            nuint passed = CountBelow(tables.LastSlots + place, (ushort)slot);
            place += passed;

            // The last slot of the entry before, and this one's.
            uint two = Unsafe.ReadUnaligned<uint>(tables.LastSlots + place - 1);
            two = BitConverter.IsLittleEndian ? two : BitOperations.RotateLeft(two, 16);
            if (two >> 16 == (uint)DecodeTables.EscapeLastSlot || passed == DecodeTables.SearchWidth)
            {
                break;
            }

            *values = (short)(tables.ValueBases[table] + (int)place);
            choice.Learn(ref *index, table, number, *values);
            x = ((x >> 16) * (ushort)((two >> 16) - two)) + (ushort)(slot + ~two);
            uint isLow = (uint)((x - TableEncoder.Low) >> 63);
            ulong word = LittleEndian(Unsafe.ReadUnaligned<uint>(words)) & (0u - isLow);
            words += isLow;
            *state = (x << (int)(isLow << 5)) | word;
        }

        wordsOut = words;
        return (nint)(index - indices);
    }

    /// <summary>How many of the entries from a hint on end below a slot, up to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint CountBelow(short* lastSlots, ushort slot)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<short> below = Vector128.LessThan(Vector128.Load(lastSlots), Vector128.Create(slot).AsInt16());
            return (nuint)(uint)BitOperations.PopCount(below.AsByte().ExtractMostSignificantBits()) >> 1;
        }

        nuint count = 0;
        while (count < DecodeTables.SearchWidth && lastSlots[count] < (short)slot)
        {
            count++;
        }

        return count;
    }

    /// <summary>Decodes one value, escaped or not, with all checks.</summary>
    /// <returns>Whether it is one of 16 bits.</returns>
    private static bool DecodeValue(DecodeTables tables, TableHead head, short* value, int table, ref ulong state, ref uint* words, uint* end)
    {
        ulong x = state;
        int slot = (ushort)x;
        int place = tables.Hints[(table * DecodeTables.HintCount) + (slot >> DecodeTables.HintShift)];
        slot = (short)(slot ^ DecodeTables.Bias);
        while (tables.LastSlots[place] < slot)
        {
            place++;
        }

        int before = tables.LastSlots[place - 1];
        state = Refill(((x >> 16) * (ushort)(tables.LastSlots[place] - before)) + (ushort)(slot - before - 1), ref words, end);
        int decoded = (short)(tables.ValueBases[table] + place);
        if (tables.LastSlots[place] == DecodeTables.EscapeLastSlot)
        {
            int length = (int)TakeBits(ref state, EscapeCode.LengthBits, ref words, end);
            if (length > EscapeCode.MaxLength)
            {
                return false;
            }

            int distance = (1 << length) + (int)TakeBits(ref state, length, ref words, end) - 1;
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
    /// <param name="source">The stream.</param>
    /// <param name="states">Receives the states.</param>
    /// <param name="isEmpty">Whether no values follow.</param>
    /// <param name="position">Where the words begin.</param>
    /// <returns>Whether they are such as the encoder writes.</returns>
    public static bool TryTakeStates(ReadOnlySpan<byte> source, Span<ulong> states, bool isEmpty, out int position)
    {
        // The first state, and words, if there are any behind 5 to 8 bytes of it.
        int rest = source.Length - (sizeof(ulong) * (states.Length - 1));
        position = 0;
        if (rest < 0 || (isEmpty && rest > 0))
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
        states[0] = isEmpty ? 1 : first;
        for (int i = 1; i < states.Length; i++)
        {
            states[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[position..]);
            position += sizeof(ulong);
        }

        bool isInRange = states.IndexOfAnyInRange(1UL << 63, ulong.MaxValue) < 0;
        return isCanonical && isInRange;
    }
}
