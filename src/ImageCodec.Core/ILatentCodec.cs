using System.Buffers;

namespace ImageCodec;

/// <summary>
/// Latent to bytes and back: quantisation and entropy coding together, for codecs that code each value with a distribution which is predicted for it, and
/// so can't part the two. <see cref="QuantizedLatentCodec"/> joins an <see cref="IQuantizer"/> and an <see cref="IEntropyCoder"/>.
/// </summary>
/// <remarks>
/// Implementations must be safe to use from several threads at once, and <see cref="Decode"/> must give the same bits for the same body on every
/// machine: what the decoder sees is what a file means.
/// </remarks>
public interface ILatentCodec
{
    /// <summary>Of so few levels <see cref="FindLevel"/> tries all.</summary>
    private const int MaxLevelsToTry = 8;

    /// <summary>
    /// The number of levels, at least 1 and always the same. Level 1 gives the smallest files, this one the best pictures; bodies must not grow shorter as
    /// the level rises.
    /// </summary>
    int LevelCount { get; }

    /// <summary>The level that is used where none is asked for, 1 … <see cref="LevelCount"/>. The middle one unless it is set.</summary>
    int DefaultLevel => (LevelCount + 1) / 2;

    /// <summary>The channels of the latents that it codes; null for any number.</summary>
    int? LatentChannels => null;

    /// <summary>Quantises a latent and writes it.</summary>
    /// <param name="latent">The latent; finite values.</param>
    /// <param name="latentShape">Its shape.</param>
    /// <param name="level">The level, 1 … <see cref="LevelCount"/>.</param>
    /// <param name="body">Receives all that <see cref="Decode"/> needs beside the shape.</param>
    /// <param name="decoded">
    /// Receives what <see cref="Decode"/> will make of the body, bit for bit, so that nobody has to decode what was just encoded: as many values as the latent has;
    /// or is empty where nobody wants them. They need not be near the latent's: a codec may scale values for the synthesis transform, as the default model's does.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length, the level or a value does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Encode(
        ReadOnlySpan<float> latent,
        TensorShape latentShape,
        int level,
        IBufferWriter<byte> body,
        Span<float> decoded,
        CancellationToken cancellationToken = default);

    /// <summary>Reads the latent that the synthesis transform is to see.</summary>
    /// <param name="body">What <see cref="Encode"/> wrote, all of it and nothing else.</param>
    /// <param name="latentShape">The latent's shape.</param>
    /// <param name="latent">Receives the values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidFileException">The body is not one that <see cref="Encode"/> writes for that shape.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default);

    /// <summary>
    /// The level whose body is expected nearest to a length, 1 … <see cref="LevelCount"/>. It may be an estimate: the caller encodes and looks. What is
    /// here encodes at every level where they are few, and else at some by bisection; a codec that can tell lengths without encoding does better.
    /// </summary>
    /// <param name="latent">The latent; finite values.</param>
    /// <param name="latentShape">Its shape.</param>
    /// <param name="length">The wanted length of a body, in bytes; finite, but it may be out of reach, and even below zero.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A length or a value does not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    int FindLevel(ReadOnlySpan<float> latent, TensorShape latentShape, double length, CancellationToken cancellationToken = default)
    {
        LatentArguments.CheckTarget(length);
        bool triesAll = LevelCount <= MaxLevelsToTry;
        (int Level, double Distance) nearest = (1, double.PositiveInfinity);
        (int low, int high) = (1, LevelCount);
        while (low <= high)
        {
            int level = triesAll ? low : (low + high) / 2;
            ArrayBufferWriter<byte> body = new();
            Encode(latent, latentShape, level, body, [], cancellationToken);
            double difference = body.WrittenCount - length;
            if (Math.Abs(difference) < nearest.Distance)
            {
                nearest = (level, Math.Abs(difference));
            }

            (low, high) = triesAll || difference < 0 ? (level + 1, high) : (low, level - 1);
        }

        return nearest.Level;
    }
}
