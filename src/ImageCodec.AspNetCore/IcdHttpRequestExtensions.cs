using ImageCodec.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec;

/// <summary>Takes uploads.</summary>
/// <remarks>Safe to use from several threads at once, each with a request of its own.</remarks>
public static class IcdHttpRequestExtensions
{
    /// <summary>
    /// Compresses the picture of a request: its body, or the only file of its form. PNG, JPEG, PNM, WebP, GIF, BMP and whatever <see cref="SkiaImageFile"/> reads is taken. Needs
    /// <c>AddImageCodecWeb</c>.
    /// </summary>
    /// <remarks>
    /// Bytes (<see cref="ImageCodecWebOptions.MaxUploadLength"/>) and, from the header, pixels (<see cref="ImageCompressor.MaxPixelCount"/>) are checked before the picture is decoded. What is wrong
    /// with the upload is not thrown, but is in <see cref="IcdUpload.Problem"/>: 400, the picture is damaged or there is none; 413, it has too many bytes or pixels; 415, it is no picture
    /// of a format that is read; 429, too many others wait.
    /// </remarks>
    /// <param name="request">The request.</param>
    /// <param name="options">What the file should be like; null for the model's default.</param>
    /// <param name="compressor">The codec; null for the one that <c>AddImageCodec</c> added without a key.</param>
    /// <param name="progress">Told the part of the compressing that is done, rising to 1, on a thread of the pool; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work, as does the client by leaving.</param>
    /// <exception cref="ArgumentException">The options contradict themselves or are out of range.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static async Task<IcdUpload> CompressUploadAsync(
        this HttpRequest request,
        CompressionOptions? options = null,
        ImageCompressor? compressor = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        IServiceProvider services = request.HttpContext.RequestServices;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        return await services.GetRequiredService<UploadCompressor>()
            .CompressAsync(request, compressor ?? services.GetRequiredService<ImageCompressor>(), options, progress, stop.Token).ConfigureAwait(false);
    }
}
