using ImageCodec.Skia;
using SkiaSharp;

namespace ImageCodec;

/// <summary>
/// Turns pictures of Skia into <see cref="RgbImage"/> and back. Alpha, which is often premultiplied in Skia, is straight in <see cref="RgbImage"/>. Metadata that says what
/// colours mean becomes a colour space and the other way; Exif and XMP have no place in Skia.
/// </summary>
/// <remarks>Safe to use from several threads at once, as long as none writes to the picture that is read, or disposes of it.</remarks>
public static class SkiaConversions
{
    /// <summary>Bytes of a pixel of Skia that holds all that <see cref="RgbImage"/> does.</summary>
    internal const int PixelSize = 4;

    /// <summary>A span over Skia's pixels has no more bytes than an <see cref="int"/> can count.</summary>
    internal const int MaxPixelCount = int.MaxValue / PixelSize;

    /// <summary>
    /// Makes an <see cref="RgbImage"/> of pixels of any type; those of more than 8 bits are rounded. Premultiplied colours are divided by alpha and rounded to the nearest;
    /// where alpha is 0 they are black. Pixels of the type Gray8 make the picture grey.
    /// </summary>
    /// <remarks>
    /// Colours are not converted: a colour space other than sRGB becomes the ICC profile that Skia writes for it into files. Where it writes none, the pixels are converted to
    /// sRGB. Linear samples of more than 8 bits, of which 8 would be too few, are given the transfer function of sRGB, with the same primaries.
    /// </remarks>
    /// <param name="pixels">The pixels, 1 to 536,870,911 of them.</param>
    /// <exception cref="ArgumentException">There are no pixels, too many, or of an unknown type.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="pixels"/> has been disposed of.</exception>
    public static unsafe RgbImage ToRgbImage(this SKPixmap pixels)
    {
        CheckAlive(pixels);
        SKImageInfo info = pixels.Info;
        CheckSize(info, nameof(pixels));
        if (pixels.GetPixels() == 0 || info.ColorType == SKColorType.Unknown)
        {
            throw new ArgumentException($"The {info.Width}×{info.Height} pixels of type {info.ColorType} are nowhere, or of no known type.", nameof(pixels));
        }

        bool isDeep = info.BytesPerPixel > PixelSize;
        SKColorSpace? space = isDeep && info.ColorSpace is { GammaIsLinear: true } linear ? linear.ToSrgbGamma() : info.ColorSpace;
        PictureMetadata metadata = ColorSpaces.Describe(ref space);
        RgbImage image;
        if (!ReferenceEquals(space, info.ColorSpace) || LayoutOf(info) is not { } layout)
        {
            byte[] straight = new byte[PixelSize * info.Width * info.Height];
            SKImageInfo wanted = new(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, space);
            fixed (byte* start = straight)
            {
                if (!pixels.ReadPixels(wanted, (nint)start, wanted.RowBytes))
                {
                    throw new ArgumentException($"Skia can't convert pixels of {info.ColorType} and {info.AlphaType}.", nameof(pixels));
                }
            }

            image = RgbImage.FromPixels(info.Width, info.Height, straight, PixelLayout.Rgba32);
        }
        else
        {
            long length = (long)pixels.RowBytes * (info.Height - 1) + PixelSize * info.Width;
            if (length > int.MaxValue)
            {
                throw new ArgumentException($"The pixels take {length} bytes with the gaps between their rows, more than {int.MaxValue}.", nameof(pixels));
            }

            image = RgbImage.FromPixels(info.Width, info.Height, new ReadOnlySpan<byte>((void*)pixels.GetPixels(), (int)length), layout, pixels.RowBytes);
        }

        image.IsGrey = info.ColorType == SKColorType.Gray8;
        image.Metadata = metadata;
        GC.KeepAlive(pixels);
        return image;
    }

    /// <summary>Makes an <see cref="RgbImage"/> of a bitmap.</summary>
    /// <inheritdoc cref="ToRgbImage(SKPixmap)"/>
    /// <param name="bitmap">The bitmap, of 1 to 536,870,911 pixels.</param>
    /// <exception cref="ArgumentException">The bitmap has no pixels, too many, or pixels of an unknown type.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="bitmap"/> has been disposed of.</exception>
    public static RgbImage ToRgbImage(this SKBitmap bitmap)
    {
        CheckAlive(bitmap);
        using SKPixmap pixels = bitmap.PeekPixels() ?? throw new ArgumentException("The bitmap has no pixels.", nameof(bitmap));
        return pixels.ToRgbImage();
    }

    /// <summary>Makes an <see cref="RgbImage"/> of an image; one that is encoded is decoded, and one on a graphics processor is read from there.</summary>
    /// <inheritdoc cref="ToRgbImage(SKPixmap)"/>
    /// <param name="image">The image, of 1 to 536,870,911 pixels.</param>
    /// <exception cref="ArgumentException">The image has too many pixels, or they can't be read: its encoded bytes are damaged, or its graphics context is gone.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> has been disposed of.</exception>
    public static RgbImage ToRgbImage(this SKImage image)
    {
        CheckAlive(image);
        CheckSize(image.Info, nameof(image));
        using SKPixmap? pixels = image.PeekPixels();
        if (pixels is not null)
        {
            return pixels.ToRgbImage();
        }

        using SKBitmap copy = new(image.Info);
        using SKPixmap target = copy.PeekPixels();
        return image.ReadPixels(target, 0, 0)
            ? target.ToRgbImage()
            : throw new ArgumentException($"Skia can't read the pixels of the image of {image.Width}×{image.Height}.", nameof(image));
    }

    /// <summary>
    /// Makes a bitmap: of the type Gray8 if the picture is grey (<see cref="RgbImage.IsGrey"/>) and has no alpha, else Rgba8888, with straight alpha
    /// (<see cref="SKAlphaType.Unpremul"/>) or none (<see cref="SKAlphaType.Opaque"/>). So it holds just the samples of the picture.
    /// </summary>
    /// <remarks>
    /// Its colour space is the one that the metadata say: code points, else ICC profile, else gamma; sRGB where they say nothing; none where they say what Skia does not know, such as a
    /// profile with tables.
    /// </remarks>
    /// <param name="picture">The picture, of at most 536,870,911 pixels.</param>
    /// <returns>A bitmap, to be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">The picture has too many pixels.</exception>
    public static SKBitmap ToSKBitmap(this RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.PixelCount > MaxPixelCount)
        {
            throw new ArgumentException($"The picture has {picture.PixelCount} pixels; at most {MaxPixelCount} fit.", nameof(picture));
        }

        bool isGrey = !picture.HasAlpha && picture.IsTrulyGrey();
        SKBitmap bitmap = new(new SKImageInfo(
            picture.Width, picture.Height, isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888, picture.HasAlpha ? SKAlphaType.Unpremul : SKAlphaType.Opaque, ColorSpaces.Of(picture.Metadata)));
        Span<byte> pixels = bitmap.GetPixelSpan();
        if (isGrey)
        {
            for (int y = 0; y < picture.Height; y++)
            {
                ReadOnlySpan<byte> from = picture.GetRow(y);
                Span<byte> to = pixels.Slice(y * bitmap.RowBytes, picture.Width);
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] = from[3 * x];
                }
            }
        }
        else
        {
            picture.CopyPixelsTo(pixels, PixelLayout.Rgba32, bitmap.RowBytes);
        }

        return bitmap;
    }

    /// <summary>Makes an image of the same kind as <see cref="ToSKBitmap"/>.</summary>
    /// <inheritdoc cref="ToSKBitmap"/>
    /// <returns>An image, to be disposed of by the caller.</returns>
    public static SKImage ToSKImage(this RgbImage picture)
    {
        using SKBitmap bitmap = picture.ToSKBitmap();

        // Then the image takes the pixels over, without a copy.
        bitmap.SetImmutable();
        return SKImage.FromBitmap(bitmap);
    }

    /// <summary>
    /// Writes a picture into pixels of another's memory, as Skia converts to their type: premultiplied where they are, with rounding to the nearest; into their colour space, if they
    /// have one and Skia knows that of the picture; grey as the brightness.
    /// </summary>
    /// <param name="picture">The picture, of at most 536,870,911 pixels.</param>
    /// <param name="pixels">Receives the pixels; of the picture's size.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> are of another size or of an unknown type, or the picture has too many pixels.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="pixels"/> has been disposed of.</exception>
    public static void CopyPixelsTo(this RgbImage picture, SKPixmap pixels)
    {
        ArgumentNullException.ThrowIfNull(picture);
        CheckAlive(pixels);
        if ((pixels.Width, pixels.Height) != (picture.Width, picture.Height))
        {
            throw new ArgumentException($"The picture has {picture.Width}×{picture.Height} pixels, but there is room for {pixels.Width}×{pixels.Height}.", nameof(pixels));
        }

        using SKBitmap bitmap = picture.ToSKBitmap();
        using SKPixmap source = bitmap.PeekPixels();
        if (!source.ReadPixels(pixels))
        {
            throw new ArgumentException($"Skia can't convert to pixels of {pixels.ColorType} and {pixels.AlphaType}.", nameof(pixels));
        }
    }

    /// <summary>The layout of pixels that can be taken as they are.</summary>
    private static PixelLayout? LayoutOf(SKImageInfo info) => (info.ColorType, info.AlphaType) switch
    {
        (SKColorType.Rgba8888, SKAlphaType.Unpremul) => PixelLayout.Rgba32,
        (SKColorType.Bgra8888, SKAlphaType.Unpremul) => PixelLayout.Bgra32,
        (SKColorType.Rgba8888, SKAlphaType.Opaque) or (SKColorType.Rgb888x, _) => PixelLayout.Rgbx32,
        (SKColorType.Bgra8888, SKAlphaType.Opaque) => PixelLayout.Bgrx32,
        _ => null,
    };

    /// <summary>Skia itself would read where nothing is any more.</summary>
    private static void CheckAlive(SKNativeObject pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ObjectDisposedException.ThrowIf(pixels.Handle == 0, pixels);
    }

    private static void CheckSize(SKImageInfo info, string name)
    {
        if (info.Width < 1 || info.Height < 1 || (long)info.Width * info.Height > MaxPixelCount)
        {
            throw new ArgumentException($"There are {info.Width}×{info.Height} pixels; 1 to {MaxPixelCount} can be taken.", name);
        }
    }
}
