using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>Turns pictures of ImageSharp into <see cref="RgbImage"/> and back. Each row is converted straight into its place.</summary>
/// <remarks>Safe to use from several threads at once, as long as none writes to the picture that is read.</remarks>
public static class ImageSharpConversions
{
    /// <summary>
    /// Makes an <see cref="RgbImage"/> of the first frame. Pixels of other types are brought to 8-bit RGB by ImageSharp; its metadata, orientation
    /// and colour profile among it, is left behind.
    /// </summary>
    /// <remarks>
    /// So that nothing is lost unseen, pixels of a type with alpha must all be opaque (255 once it has 8 bits), unless <paramref name="background"/>
    /// says what to lay them over, as <see cref="RgbImage.FromPixels"/> does.
    /// </remarks>
    /// <typeparam name="TPixel">The type of the pixels.</typeparam>
    /// <param name="image">The picture.</param>
    /// <param name="background">The colour to lay pixels over that are not opaque; null to refuse them.</param>
    /// <exception cref="ArgumentException">A pixel is not opaque and there is no <paramref name="background"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The picture has more than <see cref="RgbImage.MaxPixelCount"/> pixels.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> has been disposed of.</exception>
    public static RgbImage ToRgbImage<TPixel>(this Image<TPixel> image, RgbColor? background = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        RgbImage result = new(image.Width, image.Height);
        Configuration configuration = image.GetConfiguration();
        PixelOperations<TPixel> operations = PixelOperations<TPixel>.Instance;
        bool hasAlpha = operations.GetPixelTypeInfo().AlphaRepresentation != PixelAlphaRepresentation.None;
        Rgba32[] converted = hasAlpha && typeof(TPixel) != typeof(Rgba32) ? new Rgba32[image.Width] : [];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<TPixel> from = rows.GetRowSpan(y);
                Span<byte> to = result.GetRow(y);
                if (!hasAlpha)
                {
                    operations.ToRgb24Bytes(configuration, from, to, from.Length);
                }
                else if (typeof(TPixel) == typeof(Rgba32))
                {
                    ReadRow(configuration, MemoryMarshal.Cast<TPixel, Rgba32>(from), y, to, background);
                }
                else
                {
                    operations.ToRgba32(configuration, from, converted);
                    ReadRow(configuration, converted, y, to, background);
                }
            }
        });
        return result;
    }

    /// <summary>Makes a picture of ImageSharp. Alpha, where the type of the pixels has it, is opaque.</summary>
    /// <typeparam name="TPixel">The type of the pixels: <see cref="Rgb24"/> holds them as they are, others as ImageSharp converts them.</typeparam>
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
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                PixelOperations<TPixel>.Instance.FromRgb24Bytes(configuration, picture.GetRow(y), rows.GetRowSpan(y), rows.Width);
            }
        });
        return image;
    }

    private static void ReadRow(Configuration configuration, ReadOnlySpan<Rgba32> from, int y, Span<byte> to, RgbColor? background)
    {
        int x = FindNotOpaque(from);
        if (x < 0)
        {
            PixelOperations<Rgba32>.Instance.ToRgb24Bytes(configuration, from, to, from.Length);
        }
        else if (background is not null)
        {
            RgbImage.FromPixels(from.Length, 1, MemoryMarshal.AsBytes(from), PixelLayout.Rgba32, background: background).Pixels.CopyTo(to);
        }
        else
        {
            throw new ArgumentException(
                $"The pixel at ({x}, {y}) has an alpha of {from[x].A}, but {nameof(RgbImage)} and .icd files have no alpha channel. " +
                "Give a background colour to lay the picture over.");
        }
    }

    private static int FindNotOpaque(ReadOnlySpan<Rgba32> row)
    {
        for (int x = 0; x < row.Length; x++)
        {
            if (row[x].A != byte.MaxValue)
            {
                return x;
            }
        }

        return -1;
    }
}
