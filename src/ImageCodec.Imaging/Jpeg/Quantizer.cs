using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Jpeg;

/// <summary>Divides what <see cref="ForwardDct"/> leaves by the quantization steps, halves rounded away from 0.</summary>
internal sealed class Quantizer
{
    private const int Side = JpegFormat.BlockSide;

    /// <summary>The transform leaves so many times the coefficients.</summary>
    private const int Scale = 8;

    /// <summary>Half of each divisor, and half of 1 more.</summary>
    private readonly float[] _halves = new float[JpegFormat.BlockLength];
    private readonly float[] _reciprocals = new float[JpegFormat.BlockLength];

    /// <param name="steps">The steps, row by row.</param>
    public Quantizer(ReadOnlySpan<byte> steps)
    {
        for (int i = 0; i < JpegFormat.BlockLength; i++)
        {
            int divisor = Scale * steps[i];
            _halves[i] = (divisor / 2) + 0.5f;
            _reciprocals[i] = 1f / divisor;
        }
    }

    /// <summary>Quantizes a block of coefficients to one in zigzag order.</summary>
    /// <param name="lines">The left halves of the rows, then the right halves.</param>
    /// <param name="zigzag">Where they go.</param>
    [SkipLocalsInit]
    public void Quantize(ReadOnlySpan<Vector128<int>> lines, Span<short> zigzag)
    {
        Span<short> rows = stackalloc short[JpegFormat.BlockLength];
        for (int y = 0; y < Side; y++)
        {
            Vector128.Narrow(Quantize(lines[y], Side * y), Quantize(lines[Side + y], (Side * y) + (Side / 2))).CopyTo(rows[(Side * y)..]);
        }

        ReadOnlySpan<byte> order = JpegFormat.Zigzag;
        zigzag = zigzag[..order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            zigzag[i] = rows[order[i]];
        }
    }

    /// <summary>Rounds quotients down exactly, of numbers below 2^16 and divisors of up to 2^11.</summary>
    /// <remarks>With half of 1 added to the number, the quotient is at least half of 1/divisor from a whole one, and rounding moves it by less than a sixtieth of that.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<int> Quantize(Vector128<int> values, int at)
    {
        Vector128<int> signs = values >> 31;
        Vector128<float> sizes = Vector128.ConvertToSingle((values ^ signs) - signs);
        Vector128<int> quotients = Vector128.ConvertToInt32Native((sizes + Vector128.Create(_halves.AsSpan(at))) * Vector128.Create(_reciprocals.AsSpan(at)));
        return (quotients ^ signs) - signs;
    }
}
