using ImageCodec.Entropy.Context;

namespace ImageCodec.Models.Fitted;

/// <summary>Codes values of a Laplace distribution as binary decisions; <see cref="LaplaceTables"/> has their probabilities.</summary>
internal static class LaplaceCoder
{
    /// <summary>Codes a value, −511 … 511.</summary>
    /// <param name="encoder">The range coder.</param>
    /// <param name="value">The value.</param>
    /// <param name="mean">The mean's whole part.</param>
    /// <param name="row">Where its fraction and the scale stand in the tables.</param>
    public static void Encode(ref BinaryRangeEncoder encoder, int value, int mean, int row)
    {
        int distance = value - mean;
        encoder.Encode(distance != 0 ? 1 : 0, LaplaceTables.Other[row]);
        if (distance == 0)
        {
            return;
        }

        encoder.Encode(distance > 0 ? 1 : 0, LaplaceTables.Above[row]);
        int scale = row / LaplaceTables.Fractions;
        ReadOnlySpan<ushort> digits = LaplaceTables.Distance.AsSpan(scale * LaplaceTables.Digits, LaplaceTables.Digits);
        int n = Math.Abs(distance) - 1;
        int lowBits = LaplaceTables.LowBits(scale);
        for (int digit = lowBits - 1; digit >= 0; digit--)
        {
            encoder.Encode(n >> digit & 1, digits[digit]);
        }

        for (int run = n >> lowBits; run > 0; run--)
        {
            encoder.Encode(1, digits[lowBits]);
        }

        encoder.Encode(0, digits[lowBits]);
    }

    /// <summary>Codes a number as bits that are as likely as not, from the highest.</summary>
    public static void EncodePlain(ref BinaryRangeEncoder encoder, int number, int bits)
    {
        for (int bit = bits - 1; bit >= 0; bit--)
        {
            encoder.Encode(number >> bit & 1, LaplaceTables.Half);
        }
    }
}
