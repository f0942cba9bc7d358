using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ImageCodec.Farm;

/// <summary>
/// A bucket of Amazon S3, or of a server that speaks as it does. Who may use it, and where it is, say the usual variables: <c>AWS_ACCESS_KEY_ID</c>,
/// <c>AWS_SECRET_ACCESS_KEY</c>, <c>AWS_REGION</c>, and <c>AWS_ENDPOINT_URL</c> for another server. A mark is metadata of its object, so it comes and goes with it.
/// </summary>
internal sealed class BucketStore : IPictureStore, IDisposable
{
    private const string Scheme = "s3://";
    private const string MarkName = "x-amz-meta-imagecodec-mark";
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;
    private readonly int _pageLength;

    /// <param name="address">Such as <c>s3://bucket/prefix</c>.</param>
    /// <param name="pageLength">How many names are asked for at once.</param>
    public BucketStore(string address, int pageLength = 1000)
    {
        _pageLength = pageLength;
        string[] parts = address[Scheme.Length..].Split('/', 2);
        _bucket = parts[0] is { Length: > 0 } bucket ? bucket : throw new ArgumentException($"«{address}» names no bucket; say s3://bucket or s3://bucket/prefix.");
        _prefix = parts.Length > 1 && parts[1].TrimEnd('/') is { Length: > 0 } prefix ? prefix + "/" : "";
        AmazonS3Config settings = new()
        {
            // Other servers know neither the newer checksums nor a host name for each bucket.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL") is not null,
        };
        if (Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL") is { } endpoint)
        {
            settings.ServiceURL = endpoint;
        }

        _client = new AmazonS3Client(settings);
    }

    public static bool IsAddress(string store) => store.StartsWith(Scheme, StringComparison.Ordinal);

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken stop)
    {
        ListObjectsV2Request request = new() { BucketName = _bucket, Prefix = _prefix, MaxKeys = _pageLength };
        await foreach (S3Object entry in _client.Paginators.ListObjectsV2(request).S3Objects.WithCancellation(stop))
        {
            if (PictureStores.IsPicture(entry.Key))
            {
                yield return entry.Key[_prefix.Length..];
            }
        }
    }

    public async Task<byte[]> ReadAsync(string name, long maxLength, CancellationToken stop)
    {
        using GetObjectResponse response = await _client.GetObjectAsync(_bucket, _prefix + name, stop);
        PictureLimits.CheckLength(response.ContentLength, maxLength);
        byte[] file = new byte[response.ContentLength];
        await response.ResponseStream.ReadExactlyAsync(file, stop);
        return file;
    }

    public async Task<string?> FindMarkAsync(string name, CancellationToken stop)
    {
        try
        {
            GetObjectMetadataResponse response = await _client.GetObjectMetadataAsync(_bucket, _prefix + name, stop);
            return response.Metadata[MarkName];
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> file, string mark, CancellationToken stop)
    {
        using MemoryStream content = new(file.ToArray(), writable: false);
        PutObjectRequest request = new()
        {
            BucketName = _bucket,
            Key = _prefix + name,
            InputStream = content,
            ContentType = IcdFile.MediaType,
            UseChunkEncoding = false,
            Metadata = { [MarkName] = mark },
        };
        await _client.PutObjectAsync(request, stop);
    }

    public void Dispose() => _client.Dispose();
}
