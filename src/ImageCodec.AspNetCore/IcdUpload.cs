using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageCodec;

/// <summary>What came of an upload: an <c>.icd</c> file, or the answer that says why there is none. Made by <c>CompressUploadAsync</c>.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class IcdUpload
{
    internal IcdUpload(byte[] file, IReadOnlyList<string> warnings) => (File, Info, Warnings) = (file, ImageCompressor.Identify(file), warnings);

    internal IcdUpload(ProblemHttpResult problem) => Problem = problem;

    /// <summary>Whether there is a file.</summary>
    [MemberNotNullWhen(true, nameof(Info))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <summary>The answer to the client, with problem details, if there is no file: 400, 413, 415 or 429.</summary>
    public ProblemHttpResult? Problem { get; }

    /// <summary>The <c>.icd</c> file; empty if there is none.</summary>
    public ReadOnlyMemory<byte> File { get; }

    /// <summary>What the file says of itself.</summary>
    public IcdInfo? Info { get; }

    /// <summary>Sentences, for people, on what of the uploaded picture was left out: other frames, bits beyond 8, damaged notes.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>Writes the file whole or not at all. Where an older one may be replaced, that is done in one step; if anything fails, it stays and nothing is left beside it.</summary>
    /// <param name="path">The file to write. The path is not checked: one that is made of what a client sent may lead anywhere.</param>
    /// <param name="overwrite">Whether an older file may be replaced. If not, one that is not empty is an error.</param>
    /// <param name="cancellationToken">Stops before the writing.</param>
    /// <exception cref="InvalidOperationException">There is no file.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file can't be written; or there is an older one, which may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task SaveAsync(string path, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Succeeded
            ? Task.Run(() => AtomicFile.Write(path, stream => stream.Write(File.Span), overwrite), cancellationToken)
            : throw new InvalidOperationException("The upload was refused, so there is no file to write.");
    }
}
