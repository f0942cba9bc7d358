using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec;

/// <summary>From 8-bit sRGB to linear light, and from there to XYB as JPEG XL has it, shifted to about 0 … 1 as SSIMULACRA2 does.</summary>
/// <remarks>
/// The operations and their order are those of libjxl, so that scores agree with the reference's: additions, multiplications, fused multiply-adds and divisions
/// alone, which are the same to the bit on every machine.
/// </remarks>
internal static class XybColor
{
    /// <summary>What linear red, green and blue count for each kind of cone, to a sum of 1.</summary>
    private const float LongRed = 0.3f;
    private const float LongBlue = 0.078f;
    private const float LongGreen = 1 - LongBlue - LongRed;
    private const float MiddleRed = 0.23f;
    private const float MiddleBlue = 0.078f;
    private const float MiddleGreen = 1 - MiddleBlue - MiddleRed;
    private const float ShortRed = 0.24342268924547819f;
    private const float ShortGreen = 0.20476744424496821f;
    private const float ShortBlue = 1 - ShortRed - ShortGreen;

    /// <summary>What is added to the light of a cone before the cube root, and that number's own root, which is taken off afterwards.</summary>
    private const float Bias = 0.0037930732552754493f;
    private const float BiasRoot = 0.155954197f;

    private const float XGain = 14;
    private const float XShift = 0.42f;
    private const float YShift = 0.01f;
    private const float BShift = 0.55f;

    /// <summary>The rational function, from the constant on, that libjxl has for the curved part of sRGB; it is right to 1e-6.</summary>
    private static readonly float[] s_numerator = [2.200248328e-04f, 1.043637593e-02f, 1.624820318e-01f, 7.961564959e-01f, 8.210152774e-01f];
    private static readonly float[] s_denominator = [2.631846970e-01f, 1.076976492e+00f, 4.987528350e-01f, -5.512498495e-02f, 6.521209011e-03f];

    private static readonly float[] s_linear = [.. Enumerable.Range(0, 256).Select(value => ToLinear(value * (1f / 255)))];

    /// <summary>The linear light of each 8-bit value, 0 … 1.</summary>
    public static ReadOnlySpan<float> Linear => s_linear;

    /// <summary>Converts a row.</summary>
    /// <param name="linear">Linear R, then G, then B, each of whole vectors.</param>
    /// <param name="xyb">Receives as many values of X, then Y, then B − Y.</param>
    public static void Convert(ReadOnlySpan<float> linear, Span<float> xyb)
    {
        ReadOnlySpan<Vector<float>> colors = MemoryMarshal.Cast<float, Vector<float>>(linear);
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(xyb);
        int count = colors.Length / 3;
        for (int i = 0; i < count; i++)
        {
            (Vector<float> r, Vector<float> g, Vector<float> b) = (colors[i], colors[count + i], colors[2 * count + i]);
            Vector<float> l = Response(r, g, b, LongRed, LongGreen, LongBlue);
            Vector<float> m = Response(r, g, b, MiddleRed, MiddleGreen, MiddleBlue);
            Vector<float> s = Response(r, g, b, ShortRed, ShortGreen, ShortBlue);
            Vector<float> x = (l - m) * 0.5f;
            Vector<float> y = (l + m) * 0.5f;
            results[i] = x * XGain + new Vector<float>(XShift);
            results[count + i] = y + new Vector<float>(YShift);
            results[2 * count + i] = s - y + new Vector<float>(BShift);
        }
    }

    private static Vector<float> Response(Vector<float> r, Vector<float> g, Vector<float> b, float red, float green, float blue)
    {
        Vector<float> light = Vector.FusedMultiplyAdd(new Vector<float>(blue), b, new Vector<float>(Bias));
        light = Vector.FusedMultiplyAdd(new Vector<float>(green), g, light);
        return AddToCubeRoot(Vector.FusedMultiplyAdd(new Vector<float>(red), r, light), -BiasRoot);
    }

    /// <summary>The cube root of positive numbers, and something added: Newton's rule for x^(−1/3), four times, from a third of the exponent.</summary>
    private static Vector<float> AddToCubeRoot(Vector<float> x, float term)
    {
        const int One = 0x54800000;
        const int ThirdOfExponent = 0x002AAAAA;
        Vector<float> third = new(1f / 3);
        Vector<float> minusThird = x * -(1f / 3);
        Vector<float> root = Vector.AsVectorSingle(new Vector<int>(One) - (Vector.AsVectorInt32(x) >> 23) * ThirdOfExponent);
        for (int i = 0; i < 3; i++)
        {
            root = Vector.FusedMultiplyAdd(minusThird, FourthPower(root), root * (4f / 3));
        }

        // The last time by the difference, which rounds less.
        root = Vector.FusedMultiplyAdd(third, Vector.FusedMultiplyAdd(-x, FourthPower(root), root), root);
        return Vector.FusedMultiplyAdd(root * root, x, new Vector<float>(term));
    }

    private static Vector<float> FourthPower(Vector<float> value)
    {
        Vector<float> square = value * value;
        return square * square;
    }

    private static float ToLinear(float value) => value <= 0.04045f ? value * (1 / 12.92f) : Polynomial(s_numerator, value) / Polynomial(s_denominator, value);

    private static float Polynomial(float[] factors, float x)
    {
        float sum = factors[^1];
        for (int i = factors.Length - 2; i >= 0; i--)
        {
            sum = MathF.FusedMultiplyAdd(sum, x, factors[i]);
        }

        return sum;
    }
}
