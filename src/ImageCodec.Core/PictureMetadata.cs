using System.Runtime.CompilerServices;

namespace ImageCodec;

/// <summary>What belongs to a picture beside its pixels: what its colours mean, and what its maker noted.</summary>
/// <remarks>Immutable, as long as nobody writes to the arrays that were given; safe to use from several threads at once.</remarks>
public sealed class PictureMetadata
{
    /// <summary>The most bytes that a profile, Exif or XMP may have: more than a JPEG file can hold of a profile.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>Nothing: colours are those of sRGB.</summary>
    public static PictureMetadata None { get; } = new();

    /// <summary>An ICC profile, as bytes; empty where there is none. It goes before <see cref="Gamma"/>, and after <see cref="CodePoints"/>.</summary>
    /// <exception cref="ArgumentException">It has more than <see cref="MaxLength"/> bytes.</exception>
    public ReadOnlyMemory<byte> IccProfile
    {
        get;
        init => field = Checked(value);
    }

    /// <summary>
    /// Exif as a TIFF structure, from its byte order mark (<c>II</c> or <c>MM</c>) on; empty where there is none. Pictures that <c>ImageFile</c> reads stand upright
    /// already, and their orientation here says so.
    /// </summary>
    /// <exception cref="ArgumentException">It has more than <see cref="MaxLength"/> bytes.</exception>
    public ReadOnlyMemory<byte> Exif
    {
        get;
        init => field = Checked(value);
    }

    /// <summary>XMP as an XML text in UTF-8; empty where there is none.</summary>
    /// <exception cref="ArgumentException">It has more than <see cref="MaxLength"/> bytes.</exception>
    public ReadOnlyMemory<byte> Xmp
    {
        get;
        init => field = Checked(value);
    }

    /// <summary>What the colours mean, by numbers; null where they are not said so.</summary>
    public ColorCodePoints? CodePoints { get; init; }

    /// <summary>The exponent of samples over light, times 100,000, as in the chunk gAMA of PNG; null where it is not said so. 45,455 is about that of sRGB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? Gamma
    {
        get;
        init
        {
            if (value is { } gamma)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(gamma, 1);
            }

            field = value;
        }
    }

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => IccProfile.IsEmpty && Exif.IsEmpty && Xmp.IsEmpty && CodePoints is null && Gamma is null;

    /// <summary>What says how the picture looks, without what may say where, when and by whom it was taken: Exif and XMP are left out.</summary>
    public PictureMetadata WithoutOrigin() => new() { IccProfile = IccProfile, CodePoints = CodePoints, Gamma = Gamma };

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> value, [CallerMemberName] string? name = null) =>
        value.Length <= MaxLength ? value : throw new ArgumentException($"{name} has {value.Length} bytes; at most {MaxLength} are taken.", nameof(value));
}
