namespace ImageCodec;

/// <summary>The picture files that <see cref="ImageFile"/> writes, and how it names those that it reads.</summary>
public enum ImageFileFormat
{
    /// <summary>PNG of 8 bits a sample: RGB, or grey where <see cref="RgbImage.IsGrey"/> says so; with alpha and metadata where there are some.</summary>
    Png,

    /// <summary>Raw PPM (P6), 8-bit RGB.</summary>
    Ppm,

    /// <summary>Raw PPM (P6), 16-bit RGB: each 8-bit sample times 257, so that 255 becomes 65535.</summary>
    Ppm16,

    /// <summary>Raw PGM (P5), 8-bit grey; for pictures without colour.</summary>
    Pgm,

    /// <summary>Raw PGM (P5), 16-bit grey: each 8-bit sample times 257, so that 255 becomes 65535; for pictures without colour.</summary>
    Pgm16,

    /// <summary>Baseline JPEG at quality 90; <see cref="ImageFile.EncodeJpeg"/> has other qualities. The pixels change a little.</summary>
    Jpeg,
}
