using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ImageCodec.Entropy.Tables;

/// <summary>
/// The kernel of <see cref="TableDecoder"/> for eight states at once, on processors with AVX-512. It does what the general kernel does, with the same
/// outcome; only the table look-ups are gathers.
/// </summary>
internal static unsafe class TableDecoderAvx512
{
    /// <summary>Values decoded in one step, each from a state of its own.</summary>
    public const int Lanes = 8;

    /// <summary>Words that must be left: what a step reads ahead.</summary>
    public const int WordsAhead = 8;

    /// <summary>For each set of lanes that need a word and for each lane: how many lanes below it need one too.</summary>
    private static readonly byte[] s_ranks = BuildRanks();

    /// <summary>Whether the kernel can be used.</summary>
    public static bool IsSupported
        => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported && Avx2.IsSupported;

    /// <summary>Decodes steps of eight values up to the end or to a step with an escape in it.</summary>
    /// <typeparam name="TChoice">How an index names a table.</typeparam>
    /// <param name="choice">Chooses tables.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="indices">The values' tables.</param>
    /// <param name="begin">The first value, a multiple of 8.</param>
    /// <param name="end">No step goes beyond this value. A word for each value and <see cref="WordsAhead"/> more must be left.</param>
    /// <param name="states">The states.</param>
    /// <param name="mask">Their number, a multiple of 8, less one.</param>
    /// <param name="wordsOut">The next word.</param>
    /// <param name="tables">The tables.</param>
    /// <returns>The first value not decoded, a multiple of 8.</returns>
    public static nint Decode<TChoice>(
        TChoice choice, short* values, byte* indices, nint begin, nint end, ulong* states, nuint mask, ref uint* wordsOut, DecodeTables tables)
        where TChoice : struct, ITableChoice
    {
        fixed (byte* ranks = s_ranks)
        {
            return DecodeCore(choice, values, indices, begin, end, states, mask, ref wordsOut, tables, ranks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint DecodeCore<TChoice>(
        TChoice choice, short* values, byte* indices, nint begin, nint end, ulong* states, nuint mask, ref uint* wordsOut, DecodeTables tables, byte* ranks)
        where TChoice : struct, ITableChoice
    {
        uint* words = wordsOut;
        Vector512<ulong> lower = Vector512.Create(0xFFFFUL);
        Vector512<ulong> bias = Vector512.Create((ulong)DecodeTables.Bias);
        Vector512<ulong> low = Vector512.Create(TableEncoder.Low);
        nint i = begin;
        for (; i <= end - Lanes; i += Lanes)
        {
            nuint firstState = (nuint)i & mask;
            ulong* state = states + firstState;
            ulong chosen = ChooseTables(choice, indices + i, firstState);
            byte* index = (byte*)&chosen;
            ushort* value = (ushort*)(values + i);
            Vector512<ulong> four = Vector512.Create(
                LookUp(tables, index, state, value, 0),
                LookUp(tables, index, state, value, 1),
                LookUp(tables, index, state, value, 2),
                LookUp(tables, index, state, value, 3),
                LookUp(tables, index, state, value, 4),
                LookUp(tables, index, state, value, 5),
                LookUp(tables, index, state, value, 6),
                LookUp(tables, index, state, value, 7));

            // The slot four times in its lane, against the last slots of the entry before the hint's, of the hint's and of two more.
            Vector512<ulong> x = Vector512.Load(state);
            Vector512<ulong> slot = (x & lower) ^ bias;
            Vector512<ulong> slotTwice = slot | (slot << 16);
            Vector512<ulong> slots = slotTwice | (slotTwice << 32);
            Vector512<ulong> shift;
            while (true)
            {
                // Ones in the words below the slot, and in the first, where the end of another table may be: 16 more than are to be shifted out.
                Vector512<ulong> below = Vector512.GreaterThan(slots.AsInt16(), four.AsInt16()).AsUInt64() | lower;
                shift = Vector512.Create(48UL) - Avx512CD.LeadingZeroCount(below);
                if (!Vector512.EqualsAny(shift, Vector512.Create(48UL)))
                {
                    break;
                }

                // Now and then a lane has farther to go.
                Vector512<ulong> beyond = Vector512.Equals(shift, Vector512.Create(48UL));
                Vector128<ushort> next = Vector128.Load(value) + Avx512F.ConvertToVector128UInt16(beyond & Vector512.Create(3UL));
                next.Store(value);
                ushort* bases = tables.ValueBases;
                Vector256<int> place = Avx2.ConvertToVector256Int32(next - Vector128.Create(
                    bases[index[0]], bases[index[1]], bases[index[2]], bases[index[3]],
                    bases[index[4]], bases[index[5]], bases[index[6]], bases[index[7]]));
                long* before = (long*)(tables.LastSlots - 1);
                four = Vector512.Create(
                    Avx2.GatherVector256(before, place.GetLower(), sizeof(short)),
                    Avx2.GatherVector256(before, place.GetUpper(), sizeof(short))).AsUInt64();
            }

            // The last slot of the entry before, and this one's.
            Vector512<ulong> two = Avx512F.ShiftRightLogicalVariable(four, shift);
            Vector512<ulong> last = (two >>> 16) & lower;
            if (Vector512.EqualsAny(last, Vector512.Create((ulong)DecodeTables.EscapeLastSlot)))
            {
                break;
            }

            (Vector128.Load(value) + Avx512F.ConvertToVector128UInt16(shift >>> 4)).Store(value);
            Learn(choice, indices + i, chosen, firstState, value);
            x = ((x >>> 16) * ((last - two) & lower)) + ((slot + ~two) & lower);

            Vector512<ulong> isLow = Vector512.LessThan(x, low);
            uint needy = (uint)isLow.ExtractMostSignificantBits();
            Vector256<int> rank = Avx2.ConvertToVector256Int32(ranks + (Lanes * needy));
            Vector512<ulong> word = Avx512F.ConvertToVector512UInt64(Avx2.PermuteVar8x32(Vector256.Load(words), rank.AsUInt32()));
            words += BitOperations.PopCount(needy);
            Vector512.ConditionalSelect(isLow, (x << 32) | word, x).Store(state);
        }

        wordsOut = words;
        return i;
    }

    /// <summary>Looks one lane's hint up, leaves its value for later, and reads the last slots from the entry before it on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LookUp(DecodeTables tables, byte* indices, ulong* states, ushort* value, int lane)
    {
        // The slot is the state's lower half-word, and lies first in memory: AVX-512 means little-endian.
        nuint index = indices[lane];
        nuint place = tables.Hints[(index * DecodeTables.HintCount) + ((nuint)(*(ushort*)(states + lane)) >> DecodeTables.HintShift)];
        value[lane] = (ushort)(place + tables.ValueBases[index]);
        return Unsafe.ReadUnaligned<ulong>(tables.LastSlots - 1 + place);
    }

    /// <summary>The tables of eight values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ChooseTables<TChoice>(TChoice choice, byte* indices, nuint firstState)
        where TChoice : struct, ITableChoice
    {
        if (choice is not TrellisChoice trellis)
        {
            return *(ulong*)indices;
        }

        Vector128<byte> index = Vector128.CreateScalarUnsafe(*(ulong*)indices).AsByte();
        Vector128<byte> path = Vector128.CreateScalarUnsafe(*(ulong*)(trellis.Paths + firstState)).AsByte();
        Vector128<byte> changes = Vector128.GreaterThan(path, Vector128.Create((byte)((1 << Trellis.QuantizerShift) - 1))) & HasTwin(index, trellis);
        return (index + (changes & Vector128.Create((byte)trellis.TwinCount))).AsUInt64().ToScalar();
    }

    /// <summary>Takes note of eight values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Learn<TChoice>(TChoice choice, byte* indices, ulong chosen, nuint firstState, ushort* values)
        where TChoice : struct, ITableChoice
    {
        if (choice is TrellisChoice trellis)
        {
            *(ulong*)indices = chosen;
            ulong* paths = (ulong*)(trellis.Paths + firstState);
            Vector128<byte> path = Vector128.CreateScalarUnsafe(*paths).AsByte();
            Vector128<byte> isOne = Vector128.GreaterThan(path, Vector128.Create((byte)((1 << Trellis.QuantizerShift) - 1)));
            Vector128<ushort> parities = Vector128.Load(values) & Vector128<ushort>.One;
            Vector128<byte> next = ((path + path) & Vector128.Create((byte)(Trellis.StateCount - 1)))
                ^ (isOne & Vector128.Create((byte)Trellis.QuantizerTaps))
                ^ Vector128.Narrow(parities * Trellis.ParityTaps, Vector128<ushort>.Zero);
            Vector128<byte> hasTwin = HasTwin(Vector128.CreateScalarUnsafe(chosen).AsByte(), trellis);
            *paths = Vector128.ConditionalSelect(hasTwin, next, path).AsUInt64().ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> HasTwin(Vector128<byte> index, TrellisChoice trellis) =>
        Vector128.GreaterThanOrEqual(index, Vector128.Create((byte)trellis.FirstWithTwin));

    private static byte[] BuildRanks()
    {
        byte[] ranks = new byte[256 * Lanes];
        for (int set = 0; set < 256; set++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                ranks[(Lanes * set) + lane] = (byte)BitOperations.PopCount((uint)set & ((1u << lane) - 1));
            }
        }

        return ranks;
    }
}
