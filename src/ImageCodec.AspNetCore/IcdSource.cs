using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageCodec.AspNetCore;

/// <summary>An <c>.icd</c> file to send, in a file or in memory.</summary>
internal sealed class IcdSource
{
    private readonly string? _path;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Takes what is in memory; its contents tell it from others.</summary>
    public IcdSource(ReadOnlyMemory<byte> bytes, DateTimeOffset? lastModified)
    {
        _bytes = bytes;
        LastModified = Whole(lastModified);
        Validator = Hash(bytes.Span);
        CacheKey = Validator;
    }

    private IcdSource(FileInfo file)
    {
        _path = file.FullName;
        LastModified = Whole(file.LastWriteTimeUtc);
        Validator = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");
        CacheKey = Hash(Encoding.UTF8.GetBytes($"{_path}\n{Validator}"));
    }

    /// <summary>When the file was written, in whole seconds as in headers; null if that is not known.</summary>
    public DateTimeOffset? LastModified { get; }

    /// <summary>What changes with the file.</summary>
    public string Validator { get; }

    /// <summary>What sets it apart from all other files.</summary>
    public string CacheKey { get; }

    /// <summary>Finds a file.</summary>
    /// <returns>Null if there is none.</returns>
    public static IcdSource? Find(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? new IcdSource(file) : null;
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken stop) =>
        _path is null ? _bytes : await File.ReadAllBytesAsync(_path, stop).ConfigureAwait(false);

    /// <summary>Sends it as it is, or the part that is asked for.</summary>
    public IResult AsItIs(EntityTagHeaderValue tag) => _path is null
        ? TypedResults.Bytes(_bytes, IcdFile.MediaType, enableRangeProcessing: true, lastModified: LastModified, entityTag: tag)
        : TypedResults.PhysicalFile(_path, IcdFile.MediaType, lastModified: LastModified, entityTag: tag, enableRangeProcessing: true);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));

    private static DateTimeOffset? Whole(DateTimeOffset? time) => time is { } t ? t.AddTicks(-(t.Ticks % TimeSpan.TicksPerSecond)) : null;
}
