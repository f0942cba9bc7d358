using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>The scales that values are coded with: from 0.11 to 256 with equal ratios. Each has a table of its own.</summary>
internal static class ScaleTable
{
    public const int Count = 64;

    public const float LowestLogScale = -2.2072749f;

    public const float HighestLogScale = LowestLogScale + (Count - 1) * LogScaleStep;

    public const float LogScaleStep = 0.1230548f;

    public const double Lowest = 0.11;

    public const double Highest = 256;

    /// <summary>The index of the table for a scale, from the scale's logarithm: nearest by ratio, the ends for what lies beyond, 0 for not a number.</summary>
    public static byte IndexOf(float logScale)
    {
        float index = (logScale - LowestLogScale) / LogScaleStep + 0.5f;
        return index >= 1 ? (byte)Math.Min(index, Count - 1) : (byte)0;
    }

    /// <summary><see cref="IndexOf"/> for each of some values; the same numbers, many at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void IndicesOf(ReadOnlySpan<float> logScales, Span<byte> indices)
    {
        int i = 0;
        for (; i <= logScales.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            ReadOnlySpan<float> values = logScales.Slice(i, Vector128<byte>.Count);
            Vector256<ushort> words = Vector256.Narrow(IndicesOf(Vector256.Create(values)), IndicesOf(Vector256.Create(values[Vector256<float>.Count..])));
            Vector128.Narrow(words.GetLower(), words.GetUpper()).CopyTo(indices[i..]);
        }

        for (; i < logScales.Length; i++)
        {
            indices[i] = IndexOf(logScales[i]);
        }
    }

    private static Vector256<uint> IndicesOf(Vector256<float> logScales)
    {
        Vector256<float> index = (logScales - Vector256.Create(LowestLogScale)) / Vector256.Create(LogScaleStep) + Vector256.Create(0.5f);
        Vector256<float> limit = Vector256.Create((float)(Count - 1));
        Vector256<float> low = Vector256.ConditionalSelect(Vector256.LessThan(index, limit), index, limit);
        Vector256<float> isAbove = Vector256.GreaterThanOrEqual(index, Vector256<float>.One);
        return Vector256.ConvertToInt32(Vector256.ConditionalSelect(isAbove, low, Vector256<float>.Zero)).AsUInt32();
    }
}
