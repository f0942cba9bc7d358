namespace ImageCodec.Web;

/// <summary>One row of the table.</summary>
/// <param name="Name">The format.</param>
/// <param name="Setting">The quality that was used, for people.</param>
/// <param name="Picture">Where the page gets the pixels.</param>
/// <param name="Download">Where the file lies; null if it is not kept.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Bpp">The file's bits over the picture's pixels.</param>
/// <param name="Psnr">dB over R, G and B; null where no pixel differs.</param>
/// <param name="MsSsim">1 where no pixel differs.</param>
internal sealed record ComparedFile(string Name, string Setting, string Picture, string? Download, long Bytes, double Bpp, double? Psnr, double MsSsim);
