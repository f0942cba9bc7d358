namespace ImageCodec.Web;

/// <summary>What the gallery has.</summary>
/// <param name="Pictures">The newest first.</param>
/// <param name="IsComplete">Whether those that it begins with are all there.</param>
internal sealed record GalleryList(IReadOnlyList<GalleryPicture> Pictures, bool IsComplete);
