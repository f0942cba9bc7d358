namespace ImageCodec.Web;

/// <summary>What came of a picture.</summary>
/// <param name="Id">The name of its folder.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Model">The model that compressed it.</param>
/// <param name="Files">The original first, then ours, then other formats.</param>
/// <param name="Notes">Sentences on what was left out.</param>
internal sealed record ComparisonResult(string Id, int Width, int Height, string Model, IReadOnlyList<ComparedFile> Files, IReadOnlyList<string> Notes);
