namespace ImageCodec;

/// <summary>How other libraries lay out the bytes of a pixel in memory, first byte first, 8 bits a channel.</summary>
/// <remarks>Alpha is straight, not premultiplied: colour channels are what they would be if the pixel were opaque.</remarks>
public enum PixelLayout
{
    /// <summary>Red, green, blue: the layout of <see cref="RgbImage"/> itself.</summary>
    Rgb24,

    /// <summary>Blue, green, red: GDI's <c>Format24bppRgb</c>, WPF's <c>Bgr24</c>.</summary>
    Bgr24,

    /// <summary>Red, green, blue, alpha: <c>Rgba32</c> of ImageSharp, <c>Rgba8888</c> of Skia.</summary>
    Rgba32,

    /// <summary>Blue, green, red, alpha: GDI's <c>Format32bppArgb</c>, WPF's <c>Bgra32</c>, <c>Bgra8888</c> of Skia.</summary>
    Bgra32,

    /// <summary>Red, green, blue and a byte that means nothing; 255 where it is written.</summary>
    Rgbx32,

    /// <summary>Blue, green, red and a byte that means nothing, 255 where it is written: GDI's <c>Format32bppRgb</c>, WPF's <c>Bgr32</c>.</summary>
    Bgrx32,
}
