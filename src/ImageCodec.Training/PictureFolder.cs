namespace ImageCodec.Training;

/// <summary>A folder of pictures, those in folders below included.</summary>
/// <param name="Path">The folder.</param>
/// <param name="ValidationInterval">One picture in so many, the first included in ordinal order of paths, is never trained on; at least 2.</param>
public sealed record PictureFolder(string Path, int ValidationInterval = 8);
