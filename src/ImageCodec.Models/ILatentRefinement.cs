using System.Buffers;

namespace ImageCodec.Models;

/// <summary>What spends effort on coding a latent: files become smaller for their quality, decoding takes no longer.</summary>
internal interface ILatentRefinement
{
    /// <summary>Bits and squared error together, in bits, of a latent as it is: what <see cref="Encode"/> makes less.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="latent">What the analysis transform made of it.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="level">The level at which it is coded.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    double Cost(RgbImage image, ReadOnlySpan<float> latent, TensorShape shape, int level, CancellationToken cancellationToken);

    /// <summary>Codes what comes of moving a latent to where bits and error together are less.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="latent">What the analysis transform made of it.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="level">The level at which it is coded.</param>
    /// <param name="effort">1 … <see cref="CompressionOptions.MaxEffort"/>.</param>
    /// <param name="body">Receives the body.</param>
    /// <param name="decoded">Receives the latent as the decoder will have it; or is empty.</param>
    /// <param name="progress">Told the fraction done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    void Encode(
        RgbImage image,
        ReadOnlySpan<float> latent,
        TensorShape shape,
        int level,
        int effort,
        IBufferWriter<byte> body,
        Span<float> decoded,
        IProgress<double>? progress,
        CancellationToken cancellationToken);
}
