using ImageCodec.AspNetCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the codec to health checks.</summary>
/// <remarks>As health checks builders themselves, for one thread at a time.</remarks>
public static class ImageCodecHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that compresses a tiny picture, restores it, and writes it as WebP, PNG and JPEG. So it shows what is missing: weights, or the native library for WebP. Needs <c>AddImageCodecWeb</c>.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What is said if it fails; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to select the check by; null for none.</param>
    /// <returns><paramref name="builder"/>, for further calls.</returns>
    public static IHealthChecksBuilder AddImageCodec(
        this IHealthChecksBuilder builder, string name = "imagecodec", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.Add(new HealthCheckRegistration(name, services => new ImageCodecHealthCheck(services), failureStatus, tags));
    }
}
