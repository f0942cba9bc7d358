namespace ImageCodec.Models;

/// <summary>What spends effort on a latent before it is coded: files become smaller for their quality, decoding takes no longer.</summary>
internal interface ILatentRefinement
{
    /// <summary>Refines a latent in place.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="latent">What the analysis transform made of it.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="level">The level at which it will be coded.</param>
    /// <param name="effort">1 … <see cref="CompressionOptions.MaxEffort"/>.</param>
    /// <param name="progress">Told the fraction done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    void Run(
        RgbImage image, Span<float> latent, TensorShape shape, int level, int effort, IProgress<double>? progress, CancellationToken cancellationToken);
}
