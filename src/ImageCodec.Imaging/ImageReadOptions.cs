namespace ImageCodec;

/// <summary>How picture files are read.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class ImageReadOptions
{
    internal static ImageReadOptions Default { get; } = new();

    /// <summary>
    /// The most pixels that a picture may have, 1 to <see cref="RgbImage.MaxPixelCount"/>; checked before memory is allocated for them.
    /// <see cref="ImageFile.DefaultMaxPixelCount"/> by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPixelCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPixelCount));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RgbImage.MaxPixelCount, nameof(MaxPixelCount));
            field = value;
        }
    } = ImageFile.DefaultMaxPixelCount;

    /// <summary>
    /// Reads PNG, JPEG and PNM files that are cut short or damaged as far as they go, with a warning. What is missing is grey in a JPEG, or coarse if it is progressive, and black
    /// elsewhere, and transparent where there is an alpha channel. A file whose header is not whole is still refused. False by default.
    /// </summary>
    /// <remarks>The header alone then says how much memory the picture takes, however few bytes follow: for files of strangers, set <see cref="MaxPixelCount"/> to what you expect.</remarks>
    public bool IsTolerant { get; init; }
}
