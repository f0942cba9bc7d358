namespace ImageCodec.Imaging.Jpeg;

/// <summary>What the components of a JPEG file mean, as far as they are read.</summary>
internal enum ColorSpace
{
    Grey,
    YCbCr,
    Rgb,

    /// <summary>Inks, each 255 where there is none: so all programs write them, since Adobe's did.</summary>
    Cmyk,

    /// <summary>The same, with the three colours turned into Y, Cb and Cr of their opposites.</summary>
    Ycck,
}
