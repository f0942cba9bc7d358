namespace ImageCodec.Web;

/// <summary>A picture of the gallery.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Bpp">The file's bits over the picture's pixels.</param>
internal sealed record GalleryPicture(string Name, int Width, int Height, int Bytes, double Bpp);
