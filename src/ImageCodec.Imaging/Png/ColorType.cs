namespace ImageCodec.Imaging.Png;

/// <summary>The colour types, with the numbers that IHDR gives them.</summary>
internal enum ColorType
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
