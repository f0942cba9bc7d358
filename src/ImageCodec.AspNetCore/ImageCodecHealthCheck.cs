using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageCodec.AspNetCore;

/// <summary>Compresses a tiny picture, restores it, and writes it in all formats, so that weights or a native library that are missing show.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class ImageCodecHealthCheck(IServiceProvider services) : IHealthCheck
{
    private const int Side = 16;

    /// <summary>Far below what any model makes of a flat picture, and far above chance.</summary>
    private const double MinPsnr = 20;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Got here and not before, so that a model that can't be loaded shows too.
            ImageCompressor compressor = services.GetRequiredService<ImageCompressor>();
            RgbImage picture = new(Side, Side);
            picture.Pixels.Fill(128);
            byte[] file = await compressor.CompressAsync(picture, cancellationToken: cancellationToken).ConfigureAwait(false);
            RgbImage restored = await services.GetRequiredService<ImageDecompressor>().DecompressAsync(file, cancellationToken: cancellationToken).ConfigureAwait(false);
            double psnr = Metrics.Psnr(picture, restored);
            foreach (PictureFormat format in services.GetRequiredService<Transcoder>().Formats)
            {
                format.Encode?.Invoke(restored, cancellationToken);
            }

            return psnr >= MinPsnr
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"A grey picture came back with {psnr:0.0} dB.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "A tiny picture can't be compressed and restored.", e);
        }
    }
}
