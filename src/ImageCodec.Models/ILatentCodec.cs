using System.Buffers;

namespace ImageCodec.Models;

/// <summary>What stands between the two transforms: latents to the body of a file and back. Safe to use from several threads at once.</summary>
internal interface ILatentCodec
{
    /// <summary>The number of rate settings; the rate rises with the setting.</summary>
    int LevelCount { get; }

    /// <summary>Quantises a latent and writes it.</summary>
    /// <param name="latent">The latent, <paramref name="shape"/>.Length values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The rate setting, 1 … <see cref="LevelCount"/>.</param>
    /// <param name="body">Receives all that <see cref="Decode"/> needs but the shape.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The latent has a value that is not finite.</exception>
    void Encode(ReadOnlySpan<float> latent, TensorShape shape, int level, IBufferWriter<byte> body, CancellationToken cancellationToken);

    /// <summary>Does to a latent what <see cref="Encode"/> and <see cref="Decode"/> together do, but for rounding: nothing, unless they scale it.</summary>
    /// <param name="latent">The latent, changed in place.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The rate setting.</param>
    void PassThrough(Span<float> latent, TensorShape shape, int level)
    {
    }

    /// <summary>Reads the latent that the synthesis transform is to see.</summary>
    /// <param name="body">What <see cref="Encode"/> wrote, all of it and nothing else.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="latent">Receives <paramref name="shape"/>.Length values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    void Decode(ReadOnlySpan<byte> body, TensorShape shape, Span<float> latent, CancellationToken cancellationToken);
}
