namespace ImageCodec;

/// <summary>
/// A picture of 8-bit RGB pixels: rows from top to bottom, pixels from left to right, three bytes a pixel, no gaps. It may have an alpha channel and metadata beside them.
/// </summary>
/// <remarks>Reading from several threads at once is safe; writing to <see cref="Pixels"/> meanwhile is not.</remarks>
public sealed partial class RgbImage
{
    /// <summary>The largest number of pixels a picture can hold, so that its bytes fit one array.</summary>
    public const int MaxPixelCount = 0x7FFFFFC7 / 3;

    private readonly byte[] _pixels;

    /// <summary>Makes a black picture.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the picture has more than <see cref="MaxPixelCount"/> pixels.</exception>
    public RgbImage(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > MaxPixelCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"A picture of {width}×{height} has more than the {MaxPixelCount} pixels that fit one array.");
        }

        Width = width;
        Height = height;
        _pixels = new byte[3 * width * height];
    }

    /// <summary>Makes a picture from a copy of RGB bytes.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="rgb">Exactly 3 · width · height bytes, laid out as <see cref="Pixels"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> has another length.</exception>
    public RgbImage(int width, int height, ReadOnlySpan<byte> rgb)
        : this(width, height)
    {
        if (rgb.Length != _pixels.Length)
        {
            throw new ArgumentException(
                $"A picture of {width}×{height} has {_pixels.Length} bytes, but {rgb.Length} were given.", nameof(rgb));
        }

        rgb.CopyTo(_pixels);
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels altogether.</summary>
    public int PixelCount => Width * Height;

    /// <summary>The bytes R, G, B, R, G, B, …, 3 · <see cref="Width"/> · <see cref="Height"/> of them; writing to them changes the picture.</summary>
    public Span<byte> Pixels => _pixels;

    /// <summary>The bytes of one row, 3 · <see cref="Width"/> of them.</summary>
    /// <param name="y">The row, 0 at the top.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="y"/> is not a row of this picture.</exception>
    public Span<byte> GetRow(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return _pixels.AsSpan(3 * Width * y, 3 * Width);
    }
}
