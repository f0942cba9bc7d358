namespace ImageCodec;

/// <summary>What a picture file says of itself, read without its pixels. Made by <see cref="ImageFile.Identify(ReadOnlySpan{byte})"/>.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class ImageFileInfo
{
    internal ImageFileInfo(ImageFileFormat format, int width, int height)
    {
        Format = format;
        Width = width;
        Height = height;
    }

    /// <summary>
    /// The format. <see cref="ImageFileFormat.Png"/> and <see cref="ImageFileFormat.Jpeg"/> stand for all kinds of them, whatever their depth and colours;
    /// <see cref="ImageFileFormat.Pgm"/> and <see cref="ImageFileFormat.Ppm"/> for all kinds of PNM without and with colour, and those of 16 bits for them with more than 8 bits.
    /// </summary>
    public ImageFileFormat Format { get; }

    /// <summary>The width of the picture that comes from reading the file, with its EXIF orientation applied; at least 1.</summary>
    public int Width { get; }

    /// <summary>Its height, at least 1.</summary>
    public int Height { get; }
}
