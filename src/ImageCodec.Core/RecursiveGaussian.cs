using System.Numerics;
using System.Runtime.Intrinsics;

namespace ImageCodec;

/// <summary>
/// The Gaussian blur of SSIMULACRA2, σ = 1.5: sums of three cosines over a window of radius 5, each by a recursion (Charalampidis 2016). Beyond the edges all is
/// zero, and weighs all the same.
/// </summary>
/// <remarks>
/// In floats, with the reference's own order of fused multiply-adds: what they round counts as error in smooth places, and with an exact blur scores around 90
/// would be up to a point higher. A fused multiply-add is the same to the bit on every machine.
/// </remarks>
internal static class RecursiveGaussian
{
    /// <summary>How far ahead of a value the one is that comes into its window.</summary>
    public const int Ahead = 4;

    /// <summary>How far behind it the one is that has left.</summary>
    public const int Behind = 6;

    /// <summary>The cosines' frequencies ω are 1, 3 and 5 times π / 10.</summary>
    public const int Cosines = 3;

    /// <summary>What a new value counts for each cosine: −β · cos 6ω, with the β of the paper's formula 53.</summary>
    private const double Gain1 = 0.05529523572608661;
    private const double Gain3 = -0.05883668702694999;
    private const double Gain5 = 0.012955819110517068;

    /// <summary>−2 · cos ω; the last one is zero but for the rounding of π.</summary>
    private const double Turn1 = -1.902113032590307;
    private const double Turn3 = -1.1755705045849463;
    private const double Turn5 = -1.2246467991473532e-16;

    /// <summary>Values along a row come one by one up to here, and then in whole steps.</summary>
    private const int FirstStep = 8;

    private static readonly CosineStep s_first = new(Gain1, Turn1);
    private static readonly CosineStep s_second = new(Gain3, Turn3);
    private static readonly CosineStep s_third = new(Gain5, Turn5);

    /// <summary>Blurs along a row.</summary>
    /// <param name="padded">The row, with ten zeros before it and four behind it.</param>
    /// <param name="blurred">Receives the row.</param>
    public static void BlurRow(ReadOnlySpan<float> padded, Span<float> blurred)
    {
        const int Distance = Ahead + Behind;
        (CosineStep first, CosineStep second, CosineStep third) = (s_first, s_second, s_third);
        CosineState state1 = default;
        CosineState state3 = default;
        CosineState state5 = default;
        int width = blurred.Length;
        int x = -Ahead;
        for (; x < Math.Min(FirstStep, width); x++)
        {
            float sum = padded[x + Ahead] + padded[x + Ahead + Distance];
            float value = first.Next(sum, ref state1) + (second.Next(sum, ref state3) + third.Next(sum, ref state5));
            if (x >= 0)
            {
                blurred[x] = value;
            }
        }

        for (; x + CosineStep.Length + Ahead <= width; x += CosineStep.Length)
        {
            Vector128<float> sums = Vector128.Create(padded[(x + Ahead)..]) + Vector128.Create(padded[(x + Ahead + Distance)..]);
            (first.Next(sums, ref state1) + (second.Next(sums, ref state3) + third.Next(sums, ref state5))).CopyTo(blurred[x..]);
        }

        for (; x < width; x++)
        {
            float sum = padded[x + Ahead] + padded[x + Ahead + Distance];
            blurred[x] = first.Next(sum, ref state1) + (second.Next(sum, ref state3) + third.Next(sum, ref state5));
        }
    }

    /// <summary>Goes on by one row, in as many columns as a vector has.</summary>
    /// <param name="sum">The row that comes into the window, and the one that has left it.</param>
    /// <param name="last">The three cosines' sums for the row before.</param>
    /// <param name="older">Those for the row before that; receives the new ones.</param>
    public static Vector<float> NextRow(Vector<float> sum, ReadOnlySpan<Vector<float>> last, Span<Vector<float>> older)
    {
        older[0] = Next(sum, (float)Gain1, (float)Turn1, last[0], older[0]);
        older[1] = Next(sum, (float)Gain3, (float)Turn3, last[1], older[1]);
        older[2] = Next(sum, (float)Gain5, (float)Turn5, last[2], older[2]);
        return older[0] + (older[1] + older[2]);
    }

    private static Vector<float> Next(Vector<float> sum, float gain, float turn, Vector<float> last, Vector<float> older) =>
        Vector.FusedMultiplyAdd(new Vector<float>(gain), sum, Vector.FusedMultiplyAdd(new Vector<float>(-turn), last, -older));
}
