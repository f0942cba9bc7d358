using ImageCodec.Imaging;

namespace ImageCodec.Evaluation;

/// <summary>What an evaluation measures with.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class EvaluationOptions
{
    /// <summary>The folder with the pictures, those in folders below included.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// One picture in so many is measured, the first in ordinal order of paths included: with the <c>ValidationInterval</c> of a training run
    /// just the pictures that it never saw. At least 1; 1, all of them, by default.
    /// </summary>
    public int PictureInterval { get; init; } = 1;

    /// <summary>Whether restored pictures are kept for <see cref="EvaluationResult.ToHtml"/> to show. Not by default.</summary>
    public bool KeepPictures { get; init; }

    /// <summary>Codecs that were asked for but can't be had, so that results and reports name them. None by default.</summary>
    internal IReadOnlyList<SkippedItem> MissingCodecs { get; init; } = [];

    /// <summary>Looks for the pictures that will be measured.</summary>
    /// <returns>Them, in ordinal order of paths, and the files beside them that are none.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It has no pictures.</exception>
    internal (IReadOnlyList<string> Pictures, IReadOnlyList<LeftOutFile> LeftOut) FindPictures()
    {
        ArgumentException.ThrowIfNullOrEmpty(Folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(PictureInterval, 1);
        FolderFiles found = FolderFiles.Find(Folder, FileKind.Picture);
        return found.Files.Count == 0
            ? throw new ArgumentException($"The folder «{Folder}» has no pictures (PNG, JPEG or PNM).", nameof(Folder))
            : ([.. found.Files.Where((_, i) => i % PictureInterval == 0).Select(file => file.Path)], found.LeftOut);
    }
}
