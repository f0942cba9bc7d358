using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy;

/// <summary>The decoding side of the adaptive coder.</summary>
/// <remarks>
/// Of the format's value and low only their difference matters. It is kept in the upper 16 bits of a 64-bit register with the
/// digits to come below it, so that a shift renormalises and reads at once. A symbol is found without a division: that its sum s
/// is not above ((difference + 1) · total - 1) / range says the same as range · s &lt; (difference + 1) · total, and
/// that is compared for 16 groups at once and then for the 16 symbols of the group.
/// </remarks>
internal static unsafe class AdaptiveDecoder
{
    /// <summary>Decodes a stream and checks that it is, to the last bit, what the encoder writes for these symbols.</summary>
    /// <returns>Whether it is; if not, the contents of <paramref name="symbols"/> are not defined.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> symbols)
    {
        byte* memory = stackalloc byte[AdaptiveModel.MemorySize];
        State state = new(new AdaptiveModel(memory), source);
        fixed (ulong* reciprocals = Reciprocals.Table)
        fixed (byte* output = symbols)
        {
            return DecodeCore(ref state, source, output, symbols.Length, reciprocals) && EndsAsEncoded(ref state, source);
        }
    }

    private ref struct State
    {
        public readonly AdaptiveModel Model;
        public int Total;
        public uint Range;

        /// <summary>value - low in the upper 16 bits, then the digits already read.</summary>
        public ulong Difference;

        /// <summary>Digits already read.</summary>
        public int Ahead;

        /// <summary>Bytes already read.</summary>
        public int Position;

        public State(AdaptiveModel model, ReadOnlySpan<byte> source)
        {
            Model = model;
            Total = AdaptiveModel.SymbolCount;
            Range = (1 << 15) - 2;
            Difference = ((ulong)BitOrder.ReadWord(source, 0) << 32) | BitOrder.ReadWord(source, 4);
            Ahead = 48;
            Position = 8;
        }
    }

    private static bool DecodeCore(ref State state, ReadOnlySpan<byte> source, byte* symbols, int count, ulong* reciprocals)
    {
        AdaptiveModel model = state.Model;
        int total = state.Total;
        uint range = state.Range;
        ulong difference = state.Difference;
        int ahead = state.Ahead;
        int position = state.Position;
        for (byte* end = symbols + count; symbols < end; symbols++)
        {
            ulong scaled = range * reciprocals[total];
            uint upper = (uint)(difference >> 48);
            if (upper >= range)
            {
                // No encoder leaves the interval.
                return false;
            }

            int target = (int)(upper + 1) * total;
            int group = FindPlace(model.GroupSums, (int)range, target);
            target -= (int)range * model.GroupSums[group];
            int symbol = (group << 4) + FindPlace(model.InnerSums + (group << 4), (int)range, target);
            *symbols = (byte)symbol;

            difference -= ((scaled * (uint)model.SumBelow(symbol)) >> Reciprocals.Shift) << 48;
            range = (uint)((scaled * (uint)model.Counts[symbol]) >> Reciprocals.Shift);
            total = model.Add(symbol, total);
            int shift = BitOperations.LeadingZeroCount(range) - 17;
            shift = Math.Max(shift, 0);
            range <<= shift;
            difference <<= shift;
            ahead -= shift;
            if (ahead <= 16)
            {
                if (position >= source.Length + 8)
                {
                    // Even the digits of the last word read lie past the end.
                    return false;
                }

                difference |= (ulong)BitOrder.ReadWord(source, position) << (16 - ahead);
                ahead += 32;
                position += 4;
            }
        }

        state.Total = total;
        state.Range = range;
        state.Difference = difference;
        state.Ahead = ahead;
        state.Position = position;
        return true;
    }

    /// <summary>The last of 16 places whose sum, times <paramref name="range"/>, is below <paramref name="target"/>; sums ascend from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindPlace(int* sums, int range, int target)
    {
        uint below;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<int> products = Vector512.Load(sums) * Vector512.Create(range);
            below = (uint)Vector512.LessThan(products, Vector512.Create(target)).ExtractMostSignificantBits();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vector256<int> factor = Vector256.Create(range);
            Vector256<int> limit = Vector256.Create(target);
            below = Vector256.LessThan(Vector256.Load(sums) * factor, limit).ExtractMostSignificantBits()
                | (Vector256.LessThan(Vector256.Load(sums + 8) * factor, limit).ExtractMostSignificantBits() << 8);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<int> factor = Vector128.Create(range);
            Vector128<int> limit = Vector128.Create(target);
            below = 0;
            for (int i = 0; i < 16; i += 4)
            {
                below |= Vector128.LessThan(Vector128.Load(sums + i) * factor, limit).ExtractMostSignificantBits() << i;
            }
        }
        else
        {
            int place = 0;
            for (int step = 8; step > 0; step >>= 1)
            {
                place += sums[place + step] * range < target ? step : 0;
            }

            return place;
        }

        // The first sum is 0 and the target above 0, so at least one bit is set.
        return BitOperations.PopCount(below) - 1;
    }

    /// <summary>
    /// Whether the rest of the stream is what the encoder writes after these symbols: the closing symbols, the two upper digits of
    /// low's window, a one, and zeros to the end of the byte.
    /// </summary>
    /// <remarks>
    /// The closing symbols can't simply be decoded: the two digits cut low short, so the number that the stream stands for may lie a
    /// little below their interval. Instead their sum, c, is built as the encoder does. Let k be the places that they shift; in
    /// units after that shift the encoder's last number is low · 2^k + c, with its lower 14 bits replaced by 2^13. The
    /// stream's number, low · 2^k + difference · 2^k + (k more digits), must be equal to it.
    /// </remarks>
    private static bool EndsAsEncoded(ref State state, ReadOnlySpan<byte> source)
    {
        uint upper = (uint)(state.Difference >> 48);
        if (upper >= state.Range)
        {
            return false;
        }

        long shifted = (8L * state.Position) - 16 - state.Ahead;
        uint low = BitOrder.ReadBits(source, shifted, 16) - upper;
        uint range = state.Range;
        Int128 added = 0;
        Int128 actual = upper;
        long digits = shifted + 16;
        foreach (byte symbol in AdaptiveEncoder.ClosingSymbols)
        {
            added += range * (uint)state.Model.SumBelow(symbol) / (uint)state.Total;
            range = range * (uint)state.Model.Counts[symbol] / (uint)state.Total;
            state.Total = state.Model.Add(symbol, state.Total);
            int shift = Math.Max(BitOperations.LeadingZeroCount(range) - 17, 0);
            range <<= shift;
            added <<= shift;
            low <<= shift;
            actual = (actual << shift) | BitOrder.ReadBits(source, digits, shift);
            digits += shift;
        }

        const int Cut = 1 << 14;
        Int128 expected = added - (int)((low + (uint)(added & (Cut - 1))) & (Cut - 1)) + (Cut / 2);
        return actual == expected && source.Length == (digits - 16 + 3 + 7) / 8;
    }
}
