using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A latent as integers, each coded with the normal distribution that a hyper-latent, coded first, predicts for it.
/// </summary>
/// <remarks>
/// The body is the setting in one byte, the length of the hyper-latent's stream as a variable-length integer, that stream, and the latent's stream.
/// The networks compute the same bits on every machine, and what comes of them for the entropy coder are indices of integer tables.
/// </remarks>
internal sealed unsafe class HyperpriorLatentCodec(Hyperprior hyperprior, Workspace workspace, int maxThreads) : ILatentCodec
{
    /// <summary>Tables for scales from 0.11 to 256 with equal ratios. A scale is found from its logarithm.</summary>
    public const int ScaleCount = 64;

    public const float LowestLogScale = -2.2072749f;

    public const float LogScaleStep = 0.1230548f;

    private const string FormatName = "ICD";

    private static readonly Lazy<TableCoder> Coder = new(() =>
        new TableCoder(new ScaleGrid(0.11, 256, ScaleCount).CreateGaussianTables()));

    /// <summary>So that neighbouring settings differ in size by less than two percent.</summary>
    public int LevelCount => 255;

    /// <summary>The rate that a setting stands for, 0 … <see cref="Hyperprior.AnchorCount"/> − 1.</summary>
    public static float RateOf(int level) => (level - 1) * ((Hyperprior.AnchorCount - 1) / 254f);

    public void Encode(ReadOnlySpan<float> latent, TensorShape shape, int level, IBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, LevelCount);
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor gained = scope.CreateZero(1, Hyperprior.Padded(shape));
        ApplyGains(latent, shape, Gains(hyperprior.LogGains, level), gained);
        Tensor hyperLatent = hyperprior.Analysis.Forward(scope, gained);
        short[] hyperValues = QuantizeHyperLatent(hyperLatent);
        Tensor predictions = hyperprior.Synthesis.Forward(scope, hyperLatent);

        short[] values = new short[shape.Length];
        byte[] indices = new byte[shape.Length];
        ForRows(scope, shape, row =>
        {
            int channels = shape.Channels;
            for (int column = 0; column < shape.Width; column++)
            {
                int at = (row * shape.Width + column) * channels;
                float* value = gained.Data + ((nint)row * gained.Width + column) * channels;
                float* mean = predictions.Data + ((nint)row * gained.Width + column) * 2 * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    values[at + channel] = Round(value[channel] - mean[channel]);
                    indices[at + channel] = ScaleIndex(mean[channels + channel]);
                }
            }
        });

        byte[] hyperStream = new byte[TableCoder.GetMaxEncodedLength(hyperValues.Length)];
        Coder.Value.TryEncode(hyperValues, HyperIndices(hyperValues.Length), hyperStream, out int hyperLength);
        body.Write([(byte)(level - 1)]);
        WriteLength(hyperLength, body);
        body.Write(hyperStream.AsSpan(0, hyperLength));
        Coder.Value.Encode(values, indices, body);
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape shape, Span<float> latent, CancellationToken cancellationToken)
    {
        if (body.Length < 1 || body[0] >= LevelCount)
        {
            throw new InvalidFileException(FormatName, body.Length < 1 ? "the body is empty." : $"the rate setting is {body[0]}, but the last one is {LevelCount - 1}.");
        }

        int level = body[0] + 1;
        body = body[1..];
        int hyperLength = ReadLength(ref body);
        TensorShape padded = Hyperprior.Padded(shape);
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor hyperLatent = scope.Create(1, hyperprior.Analysis.OutputShape(padded));
        short[] hyperValues = new short[hyperLatent.Length];
        Coder.Value.Decode(body[..hyperLength], HyperIndices(hyperValues.Length), hyperValues);
        SetHyperLatent(hyperValues, hyperLatent);
        Tensor predictions = hyperprior.Synthesis.Forward(scope, hyperLatent);

        short[] values = new short[shape.Length];
        byte[] indices = new byte[shape.Length];
        ForRows(scope, shape, row =>
        {
            int channels = shape.Channels;
            for (int column = 0; column < shape.Width; column++)
            {
                int at = (row * shape.Width + column) * channels;
                float* logScale = predictions.Data + ((nint)row * padded.Width + column) * 2 * channels + channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    indices[at + channel] = ScaleIndex(logScale[channel]);
                }
            }
        });
        Coder.Value.Decode(body[hyperLength..], indices, values);
        fixed (float* output = latent)
        {
            float* to = output;
            float[] gains = Gains(hyperprior.LogInverseGains, level);
            ForRows(scope, shape, row =>
            {
                int channels = shape.Channels;
                for (int column = 0; column < shape.Width; column++)
                {
                    int at = (row * shape.Width + column) * channels;
                    float* mean = predictions.Data + ((nint)row * padded.Width + column) * 2 * channels;
                    for (int channel = 0; channel < channels; channel++)
                    {
                        to[at + channel] = (values[at + channel] + mean[channel]) * gains[channel];
                    }
                }
            });
        }
    }

    /// <summary>The index of the table for a scale, from the scale's logarithm: nearest by ratio, the ends for what lies beyond, 0 for not a number.</summary>
    internal static byte ScaleIndex(float logScale)
    {
        float index = (logScale - LowestLogScale) / LogScaleStep + 0.5f;
        return index >= 1 ? (byte)Math.Min(index, ScaleCount - 1) : (byte)0;
    }

    private static void ForRows(ComputeScope scope, TensorShape shape, Action<int> body) =>
        scope.ForRanges(shape.Height, shape.Width * shape.Channels, (first, last) =>
        {
            for (int row = first; row < last; row++)
            {
                body(row);
            }
        });

    private static short Round(float value) => float.IsFinite(value)
        ? (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue)
        : throw new ArgumentException("The latent has a value that is not finite; the encoder's weights are broken.");

    private static void ApplyGains(ReadOnlySpan<float> latent, TensorShape shape, ReadOnlySpan<float> gains, Tensor gained)
    {
        for (int place = 0; place < shape.Height * shape.Width; place++)
        {
            (int row, int column) = Math.DivRem(place, shape.Width);
            ReadOnlySpan<float> from = latent.Slice(place * shape.Channels, shape.Channels);
            float* to = gained.Data + ((nint)row * gained.Width + column) * shape.Channels;
            for (int channel = 0; channel < from.Length; channel++)
            {
                to[channel] = from[channel] * gains[channel];
            }
        }
    }

    private float[] Gains(Parameter logGains, int level)
    {
        float[] gains = new float[hyperprior.LatentChannels];
        for (int channel = 0; channel < gains.Length; channel++)
        {
            gains[channel] = (float)DeterministicMath.Exp(Math.Clamp(hyperprior.LogGain(logGains, RateOf(level), channel), -30f, 30f));
        }

        return gains;
    }

    /// <summary>Rounds the hyper-latent around its means, in place.</summary>
    private short[] QuantizeHyperLatent(Tensor hyperLatent)
    {
        short[] values = new short[hyperLatent.Length];
        ReadOnlySpan<float> means = hyperprior.PriorMeans.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Round(hyperLatent.Data[i] - means[i % means.Length]);
        }

        SetHyperLatent(values, hyperLatent);
        return values;
    }

    private void SetHyperLatent(ReadOnlySpan<short> values, Tensor hyperLatent)
    {
        ReadOnlySpan<float> means = hyperprior.PriorMeans.Values;
        for (int i = 0; i < values.Length; i++)
        {
            hyperLatent.Data[i] = values[i] + means[i % means.Length];
        }
    }

    private byte[] HyperIndices(int count)
    {
        ReadOnlySpan<float> logScales = hyperprior.PriorLogScales.Values;
        byte[] indices = new byte[count];
        for (int i = 0; i < count; i++)
        {
            indices[i] = ScaleIndex(logScales[i % logScales.Length]);
        }

        return indices;
    }

    private static void WriteLength(int length, IBufferWriter<byte> body)
    {
        for (; length >= 0x80; length >>= 7)
        {
            body.Write([(byte)(length | 0x80)]);
        }

        body.Write([(byte)length]);
    }

    private static int ReadLength(ref ReadOnlySpan<byte> body)
    {
        long length = 0;
        for (int i = 0; i < 5; i++)
        {
            if (i < body.Length)
            {
                length |= (long)(body[i] & 0x7F) << (7 * i);
                if (body[i] < 0x80)
                {
                    body = body[(i + 1)..];
                    return length <= body.Length
                        ? (int)length
                        : throw new InvalidFileException(FormatName, $"the hyper-latent is declared as {length} bytes, but only {body.Length} follow.");
                }
            }
        }

        throw new InvalidFileException(FormatName, "the length of the hyper-latent's stream is cut short or too large.");
    }
}
