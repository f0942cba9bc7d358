using System.Buffers;
using ImageCodec.Entropy.Context;

namespace ImageCodec.Models.Residuals;

/// <summary>
/// What a decoded picture lacks to be the original one, or to be near it in every value: a box that follows the codec's body. Values are predicted from those that are known, and from the decoded picture,
/// which is known on all sides; what they differ by is coded by contexts.
/// </summary>
/// <remarks>
/// In integers throughout. The prediction after the weighted predictors of lossless coders (Wu and Memon, 1997; Alakuijala et al., 2019), the filters that learn from errors after
/// Widrow and Hoff's, normalised; the contexts after Mahoney (2005). docs/format.md specifies all of it.
/// </remarks>
internal static class ResidualLayer
{
    /// <summary>Beyond it a picture is better coded without.</summary>
    public const int LargestMaxError = 32;

    private const string Format = "ICD";

    /// <summary>Codes what a picture lacks, and adds it.</summary>
    /// <param name="original">The picture.</param>
    /// <param name="decoded">What the codec made of it, of the same size; becomes what <see cref="Decode"/> will give.</param>
    /// <param name="maxError">How far a value may be from the original one: 0 … <see cref="LargestMaxError"/>.</param>
    /// <param name="isGrey">Whether all channels of both pictures are equal.</param>
    /// <param name="progress">Told the part that is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The contents of the box.</returns>
    public static byte[] Encode(RgbImage original, RgbImage decoded, int maxError, bool isGrey, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> destination = new();
        destination.Write([(byte)maxError]);
        BinaryRangeEncoder encoder = new(destination);
        new ResidualWalk(decoded, original, maxError, isGrey).Run(ref encoder, progress, cancellationToken);
        encoder.Finish();
        return destination.WrittenSpan.ToArray();
    }

    /// <summary>Adds what a picture lacks.</summary>
    /// <param name="payload">The contents of the box.</param>
    /// <param name="decoded">What the codec gave; becomes the picture.</param>
    /// <param name="isGrey">Whether all its channels are equal.</param>
    /// <param name="progress">Told the part that is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The contents are damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> payload, RgbImage decoded, bool isGrey, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (payload.IsEmpty || payload[0] > LargestMaxError)
        {
            throw new InvalidFileException(Format, payload.IsEmpty ? "the box residual is empty." : $"the box residual has a largest error of {payload[0]}; {LargestMaxError} is the most.");
        }

        BinaryRangeDecoder decoder = new(payload[1..]);
        new ResidualWalk(decoded, null, payload[0], isGrey).Run(ref decoder, progress, cancellationToken);
        if (payload.Length - 1 > decoder.Position)
        {
            throw new InvalidFileException(Format, $"the values of the box residual end before its byte {decoder.Position + 1}, but it has {payload.Length}.");
        }
    }
}
