using ImageCodec.Skia;
using SkiaSharp;

namespace ImageCodec;

/// <content>Writing WebP.</content>
public static partial class SkiaImageFile
{
    /// <summary>How hard Skia tries where nothing is lost, 0 to 100.</summary>
    private const float LosslessEffort = 75;

    /// <summary>Makes the bytes of a lossy WebP file: YCbCr with chroma halved in both directions, alpha without loss, and the metadata of the picture.</summary>
    /// <remarks>Code points and gamma become an ICC profile; see <see cref="FindWebpLosses"/>. WebP has no grey, so a grey picture comes back as one of equal channels.</remarks>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100, as that of libwebp.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A side of the picture has more than 16383 pixels.</exception>
    public static byte[] EncodeWebp(RgbImage image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return EncodeWebp(image, new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality));
    }

    /// <summary>Makes the bytes of a lossless WebP file: all pixels stay, but colours that are wholly transparent become black.</summary>
    /// <inheritdoc cref="EncodeWebp(RgbImage, int)"/>
    /// <param name="image">The picture.</param>
    /// <exception cref="ArgumentException">A side of the picture has more than 16383 pixels.</exception>
    public static byte[] EncodeLosslessWebp(RgbImage image) => EncodeWebp(image, new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, LosslessEffort));

    /// <summary>Says what of a picture a WebP file will not hold; writing it then leaves that out.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>Sentences, for people; none where all is kept but, in lossy files, the exact pixels.</returns>
    public static IReadOnlyList<string> FindWebpLosses(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ColorSpaces.TryGetProfile(image.Metadata, out _) ? [] : ["The file can't hold what the colours mean; they may look wrong."];
    }

    private static byte[] EncodeWebp(RgbImage image, SKWebpEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Math.Max(image.Width, image.Height) > WebpFile.MaxSide)
        {
            throw new ArgumentException(
                $"A WebP picture has at most {WebpFile.MaxSide} pixels on a side, but this has {image.Width}×{image.Height}. PNG holds it.", nameof(image));
        }

        // Without a colour space Skia writes no profile of its own.
        using SKBitmap bitmap = image.ToSKBitmap();
        using SKPixmap plain = new(new SKImageInfo(image.Width, image.Height, bitmap.ColorType, bitmap.AlphaType), bitmap.GetPixels(), bitmap.RowBytes);
        using SKData file = plain.Encode(options) ?? throw new ArgumentException($"Skia can't write a picture of {image.Width}×{image.Height} as WebP.", nameof(image));
        PictureMetadata metadata = image.Metadata;
        ColorSpaces.TryGetProfile(metadata, out ReadOnlyMemory<byte> icc);
        return icc.IsEmpty && metadata.Exif.IsEmpty && metadata.Xmp.IsEmpty
            ? file.ToArray()
            : WebpFile.WithMetadata(file.AsSpan(), image, icc.Span, metadata.Exif.Span, metadata.Xmp.Span);
    }
}
