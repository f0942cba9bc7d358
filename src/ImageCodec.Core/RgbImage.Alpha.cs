namespace ImageCodec;

/// <content>What a picture has beside its colours.</content>
public sealed partial class RgbImage
{
    private byte[]? _alpha;

    /// <summary>Whether pixels may be other than opaque.</summary>
    public bool HasAlpha => _alpha is not null;

    /// <summary>
    /// How opaque each pixel is, 0 (not there) … 255, <see cref="Width"/> · <see cref="Height"/> bytes, rows from top to bottom; empty where all are opaque. Straight, not
    /// premultiplied: colours are what they would be if the pixel were opaque. Writing to them changes the picture.
    /// </summary>
    public Span<byte> Alpha => _alpha;

    /// <summary>What belongs to the picture beside its pixels.</summary>
    public PictureMetadata Metadata
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = PictureMetadata.None;

    /// <summary>Gives the picture an alpha channel if it has none, opaque everywhere.</summary>
    /// <returns><see cref="Alpha"/>.</returns>
    public Span<byte> AddAlpha()
    {
        if (_alpha is null)
        {
            _alpha = new byte[PixelCount];
            _alpha.AsSpan().Fill(255);
        }

        return _alpha;
    }

    /// <summary>Takes the alpha channel away; the colours stay as they are. To show what lies behind, see <see cref="LayOver"/>.</summary>
    public void RemoveAlpha() => _alpha = null;

    /// <summary>Takes the alpha channel away if all pixels are opaque.</summary>
    internal void RemoveOpaqueAlpha()
    {
        if (!Alpha.ContainsAnyExcept((byte)255))
        {
            _alpha = null;
        }
    }

    /// <summary>Lays the picture over a colour: each channel becomes (v · a + b · (255 − a)) / 255, rounded to the nearest, on the sample values as they are.</summary>
    /// <param name="background">The colour.</param>
    /// <returns>A picture without alpha, with the same metadata; this one if it has no alpha.</returns>
    public RgbImage LayOver(RgbColor background)
    {
        if (_alpha is null)
        {
            return this;
        }

        RgbImage image = new(Width, Height, _pixels) { Metadata = Metadata, IsGrey = IsGrey && (background.R, background.G) == (background.G, background.B) };
        for (int i = 0, o = 0; i < _alpha.Length; i++, o += 3)
        {
            LayPixelOver(image._pixels.AsSpan(o, 3), _alpha[i], background);
        }

        return image;
    }

    /// <summary>
    /// Whether the picture is a grey one, so that files of it should be grey too; false unless it is set. Readers of grey files set it. It counts only as long as red,
    /// green and blue are equal in every pixel.
    /// </summary>
    public bool IsGrey { get; set; }

    /// <summary>Whether <see cref="IsGrey"/> is set, and true.</summary>
    internal bool IsTrulyGrey() => IsGrey && FindColor() < 0;

    /// <summary>The first pixel with a colour; −1 where all are grey.</summary>
    internal int FindColor()
    {
        ReadOnlySpan<byte> rgb = _pixels;
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2])
            {
                return i / 3;
            }
        }

        return -1;
    }

    private static void LayPixelOver(Span<byte> rgb, int alpha, RgbColor background)
    {
        rgb[0] = Over(rgb[0], background.R, alpha);
        rgb[1] = Over(rgb[1], background.G, alpha);
        rgb[2] = Over(rgb[2], background.B, alpha);
    }

    /// <summary>The divisor is odd, so nothing lies halfway.</summary>
    private static byte Over(int value, int background, int alpha) => (byte)((value * alpha + background * (255 - alpha) + 127) / 255);
}
