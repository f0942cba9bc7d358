namespace ImageCodec.Imaging.Jpeg;

/// <summary>Divides what <see cref="ForwardDct"/> leaves by the quantization steps, halves rounded away from 0.</summary>
internal sealed class Quantizer
{
    /// <summary>The transform leaves so many times the coefficients.</summary>
    private const int Scale = 8;

    private const int ReciprocalBits = 32;

    private readonly int[] _halves = new int[JpegFormat.BlockLength];

    /// <summary>2^32 over the divisor, rounded up; exact as long as a number times its divisor is below 2^32, and here they are below 2^16 and 2^11.</summary>
    private readonly ulong[] _reciprocals = new ulong[JpegFormat.BlockLength];

    /// <param name="steps">The steps, row by row.</param>
    public Quantizer(ReadOnlySpan<byte> steps)
    {
        for (int i = 0; i < JpegFormat.BlockLength; i++)
        {
            int divisor = Scale * steps[i];
            _halves[i] = divisor / 2;
            _reciprocals[i] = ((1UL << ReciprocalBits) + (ulong)divisor - 1) / (ulong)divisor;
        }
    }

    /// <summary>Quantizes a block of coefficients, row by row, to one in zigzag order.</summary>
    public void Quantize(ReadOnlySpan<int> block, Span<short> zigzag)
    {
        ReadOnlySpan<byte> order = JpegFormat.Zigzag;
        for (int i = 0; i < order.Length; i++)
        {
            int at = order[i];
            int value = block[at];
            int sign = value >> 31;
            int size = (int)((ulong)(((value ^ sign) - sign) + _halves[at]) * _reciprocals[at] >> ReciprocalBits);
            zigzag[i] = (short)((size ^ sign) - sign);
        }
    }
}
