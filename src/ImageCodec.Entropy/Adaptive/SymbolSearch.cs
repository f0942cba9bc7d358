using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>The search for a symbol among 16 sums at once.</summary>
internal static unsafe class SymbolSearch
{
    /// <summary>The last of 16 places whose sum, times <paramref name="range"/>, is below <paramref name="target"/>.</summary>
    /// <param name="sums">16 sums that ascend from 0.</param>
    /// <param name="range">Less than 2^15.</param>
    /// <param name="target">Above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint FindPlace(int* sums, int range, int target)
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

            return (nuint)place;
        }

        // The first sum is 0 and the target above 0, so at least one bit is set.
        return (nuint)BitOperations.PopCount(below) - 1;
    }
}
