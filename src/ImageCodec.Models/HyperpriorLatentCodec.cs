using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A latent as integers, each coded with the normal distribution that a hyper-latent, coded first, predicts for it.
/// </summary>
/// <remarks>
/// The body is the setting in one byte, and one stream of hyper-latent, the latent's first half and its second half, which lie like the fields of a
/// checkerboard; in each of them row by row, place by place, channel by channel.
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

    private static readonly Lazy<RateDistortionQuantizer> Quantizer = new(() => new RateDistortionQuantizer(Coder.Value.Tables));

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
        Halves halves = new(shape);
        int hyperCount = (int)hyperLatent.Length;
        short[] values = new short[hyperCount + shape.Length];
        byte[] indices = new byte[values.Length];
        QuantizeHyperLatent(hyperLatent, values.AsSpan(0, hyperCount));
        SetHyperIndices(indices.AsSpan(0, hyperCount));

        RateDistortionQuantizer quantizer = Quantizer.Value;
        Tensor features = hyperprior.Synthesis.Forward(scope, hyperLatent);
        Tensor quantized = scope.CreateZero(1, gained.Shape);
        int done = hyperCount;
        for (int half = 0; half < 2; half++)
        {
            Tensor predictions = Predict(scope, features, quantized, half);
            done += halves.ForPlaces(scope, half, done, (row, column, at) =>
            {
                float* prediction = Place(predictions, row, column);
                float* from = Place(gained, row, column);
                float* to = Place(quantized, row, column);
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    byte index = ScaleIndex(prediction[shape.Channels + channel]);
                    short value = quantizer.Run(from[channel] - prediction[channel], index);
                    indices[at + channel] = index;
                    values[at + channel] = value;
                    to[channel] = value + prediction[channel];
                }
            });
            scope.Release(predictions);
        }

        body.Write([(byte)(level - 1)]);
        Coder.Value.Encode(values, indices, body);
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape shape, Span<float> latent, CancellationToken cancellationToken)
    {
        if (body.Length < 1 || body[0] >= LevelCount)
        {
            throw new InvalidFileException(FormatName, body.Length < 1 ? "the body is empty." : $"the rate setting is {body[0]}, but the last one is {LevelCount - 1}.");
        }

        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        TensorShape padded = Hyperprior.Padded(shape);
        Tensor hyperLatent = scope.Create(1, hyperprior.Analysis.OutputShape(padded));
        Halves halves = new(shape);
        int hyperCount = (int)hyperLatent.Length;
        TableStreamReader reader = Coder.Value.Read(body[1..], hyperCount + shape.Length);
        short[] values = new short[Math.Max(hyperCount, halves.Count(0) * shape.Channels)];
        byte[] indices = new byte[values.Length];
        SetHyperIndices(indices.AsSpan(0, hyperCount));
        Read(ref reader, indices.AsSpan(0, hyperCount), values);
        SetHyperLatent(values, hyperLatent);

        Tensor features = hyperprior.Synthesis.Forward(scope, hyperLatent);
        Tensor quantized = scope.CreateZero(1, padded);
        for (int half = 0; half < 2; half++)
        {
            Tensor predictions = Predict(scope, features, quantized, half);
            int count = halves.ForPlaces(scope, half, 0, (row, column, at) =>
            {
                float* logScales = Place(predictions, row, column) + shape.Channels;
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    indices[at + channel] = ScaleIndex(logScales[channel]);
                }
            });
            Read(ref reader, indices.AsSpan(0, count), values);
            halves.ForPlaces(scope, half, 0, (row, column, at) =>
            {
                float* means = Place(predictions, row, column);
                float* to = Place(quantized, row, column);
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    to[channel] = values[at + channel] + means[channel];
                }
            });
            scope.Release(predictions);
        }

        if (!reader.IsAtEnd)
        {
            throw Damaged();
        }

        float[] gains = Gains(hyperprior.LogInverseGains, body[0] + 1);
        fixed (float* output = latent)
        {
            float* to = output;
            scope.ForRanges(shape.Height, shape.Width * shape.Channels / 8.0, (first, last) =>
            {
                for (int place = first * shape.Width; place < last * shape.Width; place++)
                {
                    float* from = Place(quantized, place / shape.Width, place % shape.Width);
                    for (int channel = 0; channel < shape.Channels; channel++)
                    {
                        to[(nint)place * shape.Channels + channel] = from[channel] * gains[channel];
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

    private Tensor Predict(ComputeScope scope, Tensor features, Tensor quantized, int half)
    {
        if (half == 0)
        {
            return hyperprior.Head.Forward(scope, features);
        }

        Tensor informed = hyperprior.AddContext(scope, features, quantized);
        Tensor predictions = hyperprior.Head.Forward(scope, informed);
        scope.Release(informed);
        return predictions;
    }

    private static float* Place(Tensor tensor, int row, int column) => tensor.Data + ((nint)row * tensor.Width + column) * tensor.Channels;

    private static void Read(ref TableStreamReader reader, ReadOnlySpan<byte> indices, Span<short> values)
    {
        if (!reader.TryRead(indices, values[..indices.Length]))
        {
            throw Damaged();
        }
    }

    private static InvalidFileException Damaged() => new(FormatName, "the payload is not one of this model; it is damaged or cut short.");

    private static short Round(float value) => (short)Math.Clamp(MathF.Round(UniformQuantizer.CheckFinite(value)), short.MinValue, short.MaxValue);

    private static void ApplyGains(ReadOnlySpan<float> latent, TensorShape shape, ReadOnlySpan<float> gains, Tensor gained)
    {
        for (int place = 0; place < shape.Height * shape.Width; place++)
        {
            (int row, int column) = Math.DivRem(place, shape.Width);
            ReadOnlySpan<float> from = latent.Slice(place * shape.Channels, shape.Channels);
            float* to = Place(gained, row, column);
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
    private void QuantizeHyperLatent(Tensor hyperLatent, Span<short> values)
    {
        ReadOnlySpan<float> means = hyperprior.PriorMeans.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Round(hyperLatent.Data[i] - means[i % means.Length]);
        }

        SetHyperLatent(values, hyperLatent);
    }

    private void SetHyperLatent(ReadOnlySpan<short> values, Tensor hyperLatent)
    {
        ReadOnlySpan<float> means = hyperprior.PriorMeans.Values;
        for (int i = 0; i < hyperLatent.Length; i++)
        {
            hyperLatent.Data[i] = values[i] + means[i % means.Length];
        }
    }

    private void SetHyperIndices(Span<byte> indices)
    {
        ReadOnlySpan<float> logScales = hyperprior.PriorLogScales.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = ScaleIndex(logScales[i % logScales.Length]);
        }
    }

    /// <summary>The places of the two halves of a latent, in the order in which they are coded: row by row.</summary>
    private readonly struct Halves(TensorShape shape)
    {
        /// <summary>Places of a half: the first has one more where their number is odd.</summary>
        public int Count(int half) => (shape.Height * shape.Width + 1 - half) / 2;

        /// <summary>Calls <paramref name="body"/> with row, column and where the place's values lie among those coded, which begin at <paramref name="start"/>.</summary>
        /// <returns>The number of values.</returns>
        public int ForPlaces(ComputeScope scope, int half, int start, Action<int, int, int> body)
        {
            TensorShape s = shape;
            scope.ForRanges(s.Height, s.Width * s.Channels, (firstRow, lastRow) =>
            {
                for (int row = firstRow; row < lastRow; row++)
                {
                    // Rows before this one hold together half of all their places, rounded up for the first half.
                    int at = start + (row * s.Width + 1 - half) / 2 * s.Channels;
                    for (int column = (row + half) & 1; column < s.Width; column += 2, at += s.Channels)
                    {
                        body(row, column, at);
                    }
                }
            });
            return Count(half) * s.Channels;
        }
    }
}
