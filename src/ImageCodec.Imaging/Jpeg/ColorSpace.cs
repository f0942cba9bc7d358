namespace ImageCodec.Imaging.Jpeg;

/// <summary>What the components of a JPEG file mean, as far as they are read.</summary>
internal enum ColorSpace
{
    Grey,
    YCbCr,
    Rgb,
}
