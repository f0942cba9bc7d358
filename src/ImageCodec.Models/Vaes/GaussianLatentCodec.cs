using System.Buffers;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Vaes;

/// <summary>
/// A VAE's latent: each value rounded to a multiple of its channel's step, and coded with the prior, integrated over the cells, as
/// its distribution. So the divergence that training pays for is the rate.
/// </summary>
/// <remarks>
/// The body is a byte with the level less 1, then the coder's stream. Steps are the channel's tolerance times a factor that falls
/// from 16 by a quarter of an octave with each level. docs/format.md has the numbers.
/// </remarks>
/// <param name="prior">Gives the prior as it is.</param>
/// <param name="defaultLevel">The level where none is asked for.</param>
internal sealed class GaussianLatentCodec(Func<GaussianPrior> prior, int defaultLevel = GaussianLatentCodec.MatchedLevel) : ILatentCodec
{
    /// <summary>The level whose rounding errors are as large as the noise that the decoder was trained with: a factor of about √12.</summary>
    public const int MatchedLevel = 10;

    /// <summary>The number of levels.</summary>
    public const int Levels = 24;

    private const double CoarsestFactor = 16;

    // 2^(−i / 4), each the nearest double, so that steps are the same on every machine.
    private static readonly double[] QuarterOctaves = [1, 0.8408964152537145, 0.7071067811865476, 0.5946035575013605];

    private static readonly ScaleGrid Grid = new(0.05, 256, 96);
    private static readonly Lazy<TableCoder> Coder = new(() => new TableCoder(Grid.CreateGaussianTables()));

    public int LevelCount => Levels;

    public int DefaultLevel => defaultLevel;

    public int? LatentChannels => prior().Deviations.Length;

    public void Encode(
        ReadOnlySpan<float> latent, TensorShape latentShape, int level, IBufferWriter<byte> body, Span<float> decoded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        LatentArguments.CheckEncode(latent.Length, latentShape, decoded.Length, prior().Deviations.Length);
        LatentArguments.CheckLevel(level, Levels);
        using Symbols symbols = new(prior(), latentShape, level);
        for (int i = 0, channel = 0; i < latent.Length; i++)
        {
            float value = UniformQuantizer.CheckFinite(latent[i]);
            symbols.Values[i] = (short)Math.Clamp(MathF.Round(value / symbols.Steps[channel]), short.MinValue, short.MaxValue);
            channel = channel + 1 == latentShape.Channels ? 0 : channel + 1;
        }

        body.Write([(byte)(level - 1)]);
        Coder.Value.Encode(symbols.Values, symbols.Indices, body, cancellationToken);
        if (!decoded.IsEmpty)
        {
            symbols.Restore(decoded);
        }
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        LatentArguments.CheckDecode(latent.Length, latentShape, prior().Deviations.Length);
        if (body.IsEmpty || body[0] >= Levels)
        {
            throw new InvalidFileException(
                "ICD", body.IsEmpty ? "the body is empty; it must begin with the level." : $"the level is {body[0] + 1}, but there are only {Levels}.");
        }

        using Symbols symbols = new(prior(), latentShape, body[0] + 1);
        Coder.Value.Decode(body[1..], symbols.Indices, symbols.Values, cancellationToken);
        symbols.Restore(latent);
    }

    /// <summary>Room for a latent's rounded values, with the steps and tables that a level gives its channels.</summary>
    private readonly ref struct Symbols : IDisposable
    {
        private readonly short[] _values;
        private readonly byte[] _indices;

        public Symbols(GaussianPrior prior, TensorShape shape, int level)
        {
            double factor = Math.ScaleB(CoarsestFactor * QuarterOctaves[(level - 1) % 4], -((level - 1) / 4));
            _values = ArrayPool<short>.Shared.Rent(shape.Length);
            _indices = ArrayPool<byte>.Shared.Rent(shape.Length);
            Values = _values.AsSpan(0, shape.Length);
            Span<byte> indices = _indices.AsSpan(0, shape.Length);
            Steps = new float[shape.Channels];
            for (int channel = 0; channel < Steps.Length; channel++)
            {
                // Kept within normal numbers, so that neither this nor the products with it can be lost or overflow.
                Steps[channel] = (float)Math.Clamp(factor * prior.Tolerances[channel], 1e-30, 1e30);
                indices[channel] = Grid.GetIndex(prior.Deviations[channel] / (double)Steps[channel]);
            }

            for (int i = Steps.Length; i < indices.Length; i += Steps.Length)
            {
                indices[..Steps.Length].CopyTo(indices[i..]);
            }

            Indices = indices;
        }

        public Span<short> Values { get; }

        public ReadOnlySpan<byte> Indices { get; }

        public float[] Steps { get; }

        /// <summary>Turns rounded values into the latent that the decoder sees.</summary>
        public void Restore(Span<float> latent)
        {
            for (int i = 0, channel = 0; i < latent.Length; i++)
            {
                latent[i] = Values[i] * Steps[channel];
                channel = channel + 1 == Steps.Length ? 0 : channel + 1;
            }
        }

        public void Dispose()
        {
            ArrayPool<short>.Shared.Return(_values);
            ArrayPool<byte>.Shared.Return(_indices);
        }
    }
}
