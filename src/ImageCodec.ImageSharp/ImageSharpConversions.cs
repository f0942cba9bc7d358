using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.Metadata.Profiles.Icc;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace ImageCodec;

/// <summary>Turns pictures of ImageSharp into <see cref="RgbImage"/> and back. Each row is converted straight into its place.</summary>
/// <remarks>Safe to use from several threads at once, as long as none writes to the picture that is read.</remarks>
public static class ImageSharpConversions
{
    /// <summary>
    /// Makes an <see cref="RgbImage"/> of the first frame, with alpha if a pixel is not opaque, and with its ICC profile, Exif and XMP. Pixels of other types are
    /// brought to 8 bits by ImageSharp. A picture that only its Exif turns upright is turned.
    /// </summary>
    /// <typeparam name="TPixel">The type of the pixels.</typeparam>
    /// <param name="image">The picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">The picture has more than <see cref="RgbImage.MaxPixelCount"/> pixels.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> has been disposed of.</exception>
    public static RgbImage ToRgbImage<TPixel>(this Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value is not (null or 0 or 1))
        {
            using Image<TPixel> upright = image.Clone(picture => picture.AutoOrient());
            return ReadUpright(upright);
        }

        return ReadUpright(image);
    }

    /// <summary>Makes a picture of ImageSharp, with the picture's alpha where the type of the pixels has it, and with its ICC profile, Exif and XMP.</summary>
    /// <typeparam name="TPixel">The type of the pixels: <see cref="Rgb24"/> and <see cref="Rgba32"/> hold them as they are, others as ImageSharp converts them.</typeparam>
    /// <param name="picture">The picture.</param>
    /// <param name="configuration">What ImageSharp takes memory from and works with; null for its default.</param>
    /// <returns>A picture of one frame, to be disposed of by the caller.</returns>
    /// <exception cref="SixLabors.ImageSharp.Memory.InvalidMemoryOperationException">The picture is larger than ImageSharp's limit.</exception>
    public static Image<TPixel> ToImageSharp<TPixel>(this RgbImage picture, Configuration? configuration = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(picture);
        configuration ??= Configuration.Default;
        Image<TPixel> image = new(configuration, picture.Width, picture.Height);
        Rgba32[] withAlpha = new Rgba32[picture.HasAlpha ? picture.Width : 0];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<byte> rgb = picture.GetRow(y);
                if (!picture.HasAlpha)
                {
                    PixelOperations<TPixel>.Instance.FromRgb24Bytes(configuration, rgb, rows.GetRowSpan(y), rows.Width);
                    continue;
                }

                for (int x = 0; x < withAlpha.Length; x++)
                {
                    withAlpha[x] = new Rgba32(rgb[3 * x], rgb[(3 * x) + 1], rgb[(3 * x) + 2], picture.Alpha[(y * picture.Width) + x]);
                }

                PixelOperations<TPixel>.Instance.FromRgba32(configuration, withAlpha, rows.GetRowSpan(y));
            }
        });
        PictureMetadata metadata = picture.Metadata;
        image.Metadata.IccProfile = metadata.IccProfile.IsEmpty ? null : new IccProfile(metadata.IccProfile.ToArray());
        image.Metadata.ExifProfile = metadata.Exif.IsEmpty ? null : new ExifProfile(metadata.Exif.ToArray());
        image.Metadata.XmpProfile = metadata.Xmp.IsEmpty ? null : new XmpProfile(metadata.Xmp.ToArray());
        return image;
    }

    private static RgbImage ReadUpright<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        RgbImage result = new(image.Width, image.Height)
        {
            IsGrey = typeof(TPixel) == typeof(L8) || typeof(TPixel) == typeof(L16) || typeof(TPixel) == typeof(La16) || typeof(TPixel) == typeof(La32),
            Metadata = new PictureMetadata
            {
                IccProfile = image.Metadata.IccProfile?.ToByteArray(),
                Exif = image.Metadata.ExifProfile?.ToByteArray(),
                Xmp = image.Metadata.XmpProfile?.ToByteArray(),
            },
        };
        Configuration configuration = image.GetConfiguration();
        PixelOperations<TPixel> operations = PixelOperations<TPixel>.Instance;
        bool hasAlpha = operations.GetPixelTypeInfo().AlphaRepresentation != PixelAlphaRepresentation.None;
        Rgba32[] converted = hasAlpha && typeof(TPixel) != typeof(Rgba32) ? new Rgba32[image.Width] : [];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<TPixel> from = rows.GetRowSpan(y);
                if (!hasAlpha)
                {
                    operations.ToRgb24Bytes(configuration, from, result.GetRow(y), from.Length);
                }
                else if (typeof(TPixel) == typeof(Rgba32))
                {
                    ReadRow(configuration, MemoryMarshal.Cast<TPixel, Rgba32>(from), y, result);
                }
                else
                {
                    operations.ToRgba32(configuration, from, converted);
                    ReadRow(configuration, converted, y, result);
                }
            }
        });
        return result;
    }

    private static void ReadRow(Configuration configuration, ReadOnlySpan<Rgba32> from, int y, RgbImage result)
    {
        PixelOperations<Rgba32>.Instance.ToRgb24Bytes(configuration, from, result.GetRow(y), from.Length);
        for (int x = 0; x < from.Length; x++)
        {
            if (from[x].A < byte.MaxValue)
            {
                result.AddAlpha()[(y * result.Width) + x] = from[x].A;
            }
        }
    }
}
