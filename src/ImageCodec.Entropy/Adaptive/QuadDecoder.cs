using System.Numerics;
using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>
/// Decodes symbols for as long as they are among four neighbours, whose part of the model it keeps in registers.
/// </summary>
/// <remarks>
/// The way from one symbol to the next is a dozen operations here: all candidates' intervals are computed side by side and the
/// right one is picked by masks, without a memory access or a vector in between.
/// </remarks>
internal static unsafe class QuadDecoder
{
    /// <summary>Decodes symbols up to the first one that is not of the four, or to the next halving of the counts.</summary>
    /// <param name="state">The decoder's state.</param>
    /// <param name="symbols">Receives the symbols.</param>
    /// <param name="count">The most symbols to decode.</param>
    /// <param name="first">The first of the four symbols, a multiple of 4.</param>
    /// <param name="reciprocals">The table of <see cref="Reciprocals"/>.</param>
    /// <returns>The number of symbols decoded. The next one, if any, is for the general decoder, which also judges damage.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode(ref AdaptiveDecoder.State state, byte* symbols, int count, nuint first, ulong* reciprocals)
    {
        AdaptiveModel model = state.Model;
        int before = state.Total;
        count = Math.Min(count, AdaptiveModel.MaxTotal - before);
        uint range = state.Range;
        int difference = (int)state.Difference;
        byte* bits = state.Bits;
        long position = state.Position;
        uint sum0 = (uint)model.SumBelow(first);
        uint sum1 = (uint)model.SumBelow(first + 1);
        uint sum2 = (uint)model.SumBelow(first + 2);
        uint sum3 = (uint)model.SumBelow(first + 3);
        uint sum4 = sum3 + (uint)model.Counts[first + 3];
        int done = 0;
        for (; done < count; done++)
        {
            ulong scaled = range * reciprocals[before + done];
            ulong next = AdaptiveDecoder.ReadWord(bits, position);
            int bound0 = (int)((scaled * sum0) >> Reciprocals.Shift);
            int bound1 = (int)((scaled * sum1) >> Reciprocals.Shift);
            int bound2 = (int)((scaled * sum2) >> Reciprocals.Shift);
            int bound3 = (int)((scaled * sum3) >> Reciprocals.Shift);
            int bound4 = (int)((scaled * sum4) >> Reciprocals.Shift);
            if (difference < bound0 || difference >= bound4)
            {
                break;
            }

            ulong part0 = scaled * (sum1 - sum0);
            ulong part1 = scaled * (sum2 - sum1);
            ulong part2 = scaled * (sum3 - sum2);
            ulong part3 = scaled * (sum4 - sum3);

            // All ones where the symbol is below the bound.
            int below1 = (difference - bound1) >> 31;
            int below2 = (difference - bound2) >> 31;
            int below3 = (difference - bound3) >> 31;
            int lower = bound3 ^ (below1 & (bound0 ^ bound1)) ^ (below2 & (bound1 ^ bound2)) ^ (below3 & (bound2 ^ bound3));
            ulong part = part3 ^ ((ulong)below1 & (part0 ^ part1)) ^ ((ulong)below2 & (part1 ^ part2)) ^ ((ulong)below3 & (part2 ^ part3));
            int rest = difference - lower;
            uint narrow = (uint)(part >> Reciprocals.Shift);
            if ((uint)rest >= narrow)
            {
                break;
            }

            symbols[done] = (byte)((int)first + 3 + below1 + below2 + below3);
            sum1 -= (uint)below1;
            sum2 -= (uint)below2;
            sum3 -= (uint)below3;
            sum4++;
            int shift = BitOperations.LeadingZeroCount(part);
            range = narrow << shift;
            difference = (rest << shift) | (int)((next >> 1) >> (63 - shift));
            position += shift;
        }

        model.Replace(first, sum1 - sum0, sum2 - sum1, sum3 - sum2, sum4 - sum3, done);
        state.Total = before + done;
        state.Range = range;
        state.Difference = (uint)difference;
        state.Position = position;
        return done;
    }
}
