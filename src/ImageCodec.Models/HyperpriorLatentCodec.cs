using System.Buffers;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A latent as integers, each coded with the normal distribution that a hyper-latent, coded first, predicts for it.
/// </summary>
/// <remarks>
/// The body is the setting in one byte, and one stream of the hyper-latent and, slice by slice of the latent's channels, the slice's first half and its
/// second half, which lie like the fields of a checkerboard; in each of them row by row, place by place, channel by channel.
/// The networks compute the same bits on every machine, and what comes of them for the entropy coder are indices of integer tables.
/// </remarks>
internal sealed unsafe class HyperpriorLatentCodec(Hyperprior hyperprior, Workspace workspace, int maxThreads) : ILatentCodec
{
    /// <summary>Tables for scales from 0.11 to 256 with equal ratios. A scale is found from its logarithm.</summary>
    public const int ScaleCount = 64;

    /// <summary>The setting where none is asked for: about 30 dB on photos rich in detail, more on others.</summary>
    public const int UsualLevel = 150;

    public const float LowestLogScale = -2.2072749f;

    public const float LogScaleStep = 0.1230548f;

    private const string FormatName = "ICD";

    /// <summary>So that neighbouring settings differ in size by less than two percent.</summary>
    public int LevelCount => 255;

    /// <summary>The rate that a setting stands for, 0 … <see cref="Hyperprior.AnchorCount"/> − 1.</summary>
    public static float RateOf(int level) => (level - 1) * ((Hyperprior.AnchorCount - 1) / 254f);

    public void Encode(ReadOnlySpan<float> latent, TensorShape shape, int level, IBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        (short[] values, byte[] indices) = Quantize(latent, shape, level, [], cancellationToken);
        body.Write([(byte)(level - 1)]);
        hyperprior.Tables.Coder.Encode(values, indices, body);
    }

    /// <summary>Quantises a latent as <see cref="Encode"/> does.</summary>
    /// <param name="latent">The latent, <paramref name="shape"/>.Length values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The rate setting.</param>
    /// <param name="coded">Receives the latent's values as they are coded, in steps, their means included: what <see cref="Decode"/> takes the gains back from; or is empty.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What is coded, in order, and the index of the table for each of it.</returns>
    public (short[] Values, byte[] Indices) Quantize(
        ReadOnlySpan<float> latent, TensorShape shape, int level, Span<float> coded, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, LevelCount);
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor gained = scope.CreateZero(1, Hyperprior.Padded(shape));
        ApplyGains(latent, shape, hyperprior.Gains(hyperprior.LogGains, RateOf(level)), gained);
        Tensor hyperLatent = hyperprior.Analysis.Forward(scope, gained);
        LatentHalves halves = new(shape);
        int hyperCount = (int)hyperLatent.Length;
        short[] values = new short[hyperCount + shape.Length];
        byte[] indices = new byte[values.Length];
        QuantizeHyperLatent(hyperLatent, values.AsSpan(0, hyperCount));
        SetHyperIndices(indices.AsSpan(0, hyperCount));

        RateDistortionQuantizer quantizer = hyperprior.Tables.Quantizer;
        int done = hyperCount;
        foreach ((HyperpriorSlice slice, int half, Tensor predictions, Tensor quantized) in Predict(scope, hyperLatent, gained.Shape))
        {
            done += halves.ForPlaces(scope, half, slice.Channels, done, (row, column, at) =>
            {
                float* prediction = Place(predictions, row, column / 2);
                float* from = Place(gained, row, column) + slice.FirstChannel;
                float* to = Place(quantized, row, column);
                for (int channel = 0; channel < slice.Channels; channel++)
                {
                    byte index = ScaleIndex(prediction[slice.Channels + channel]);
                    short value = quantizer.Run(from[channel] - prediction[channel], index);
                    indices[at + channel] = index;
                    values[at + channel] = value;
                    to[channel] = value + prediction[channel];
                }
            });
            if (half == 1 && !coded.IsEmpty)
            {
                TakeOut(scope, quantized, slice, shape, null, coded);
            }
        }

        return (values, indices);
    }

    /// <summary>The hyper-latent of what was quantised.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="values">What <see cref="Quantize"/> gave; those of the hyper-latent come first.</param>
    /// <param name="shape">The latent's shape.</param>
    public Tensor HyperLatent(ComputeScope scope, ReadOnlySpan<short> values, TensorShape shape)
    {
        Tensor hyperLatent = scope.Create(1, hyperprior.Analysis.OutputShape(Hyperprior.Padded(shape)));
        SetHyperLatent(values, hyperLatent);
        return hyperLatent;
    }

    public void PassThrough(Span<float> latent, TensorShape shape, int level)
    {
        float[] gains = hyperprior.Gains(hyperprior.LogGains, RateOf(level));
        Restoration restoration = hyperprior.Restoration(RateOf(level));
        for (int place = 0; place < latent.Length; place += shape.Channels)
        {
            Span<float> values = latent.Slice(place, shape.Channels);
            for (int channel = 0; channel < values.Length; channel++)
            {
                values[channel] *= gains[channel];
            }

            restoration.Run(values, 0, values);
        }
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape shape, Span<float> latent, CancellationToken cancellationToken)
    {
        if (body.Length < 1 || body[0] >= LevelCount)
        {
            throw new InvalidFileException(FormatName, body.Length < 1 ? "the body is empty." : $"the rate setting is {body[0]}, but the last one is {LevelCount - 1}.");
        }

        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        TensorShape padded = Hyperprior.Padded(shape);
        LatentHalves halves = new(shape);
        int hyperCount = hyperprior.Analysis.OutputShape(padded).Length;
        if (hyperCount > TableCoder.MaxValueCount - shape.Length)
        {
            throw new InvalidFileException(FormatName, $"a latent of {shape} is larger than the table coder takes.");
        }

        TableStreamReader reader = hyperprior.Tables.Coder.Read(body[1..], hyperCount + shape.Length);
        short[] values = new short[Math.Max(hyperCount, halves.Count(0) * hyperprior.Slices.Max(slice => slice.Channels))];
        byte[] indices = new byte[values.Length];
        SetHyperIndices(indices.AsSpan(0, hyperCount));
        Read(ref reader, indices.AsSpan(0, hyperCount), values);
        Tensor hyperLatent = HyperLatent(scope, values, shape);

        Restoration restoration = hyperprior.Restoration(RateOf(body[0] + 1));
        foreach ((HyperpriorSlice slice, int half, Tensor predictions, Tensor quantized) in Predict(scope, hyperLatent, padded))
        {
            int count = halves.ForPlaces(scope, half, slice.Channels, 0, (row, column, at) =>
            {
                float* logScales = Place(predictions, row, column / 2) + slice.Channels;
                for (int channel = 0; channel < slice.Channels; channel++)
                {
                    indices[at + channel] = ScaleIndex(logScales[channel]);
                }
            });
            Read(ref reader, indices.AsSpan(0, count), values);
            halves.ForPlaces(scope, half, slice.Channels, 0, (row, column, at) =>
            {
                float* means = Place(predictions, row, column / 2);
                float* to = Place(quantized, row, column);
                for (int channel = 0; channel < slice.Channels; channel++)
                {
                    to[channel] = values[at + channel] + means[channel];
                }
            });
            if (half == 1)
            {
                TakeOut(scope, quantized, slice, shape, restoration, latent);
            }
        }

        if (!reader.IsAtEnd)
        {
            throw Damaged();
        }
    }

    /// <summary>Puts a slice's values among the latent's, restored unless <paramref name="restoration"/> is null.</summary>
    private static void TakeOut(
        ComputeScope scope, Tensor quantized, HyperpriorSlice slice, TensorShape shape, Restoration? restoration, Span<float> latent)
    {
        fixed (float* output = latent)
        {
            float* to = output + slice.FirstChannel;
            scope.ForRanges(shape.Height, shape.Width * slice.Channels / 8.0, (first, last) =>
            {
                for (int place = first * shape.Width; place < last * shape.Width; place++)
                {
                    ReadOnlySpan<float> values = new(Place(quantized, place / shape.Width, place % shape.Width), slice.Channels);
                    Span<float> target = new(to + (nint)place * shape.Channels, slice.Channels);
                    if (restoration is null)
                    {
                        values.CopyTo(target);
                    }
                    else
                    {
                        restoration.Run(values, slice.FirstChannel, target);
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

    /// <summary>
    /// Goes through a latent in the order in which it is coded. Whoever goes through sets a half's values before asking for the next half, which is predicted from them.
    /// </summary>
    /// <param name="scope">The run, to which all tensors belong; they are gone with the next slice.</param>
    /// <param name="hyperLatent">The hyper-latent as it is coded.</param>
    /// <param name="padded">The latent's shape, whole places of the hyper-latent.</param>
    /// <returns>For each half of each slice what predicts its places, side by side, and the slice as far as it is known: the other half, or zeros.</returns>
    private IEnumerable<(HyperpriorSlice Slice, int Half, Tensor Predictions, Tensor Quantized)> Predict(
        ComputeScope scope, Tensor hyperLatent, TensorShape padded)
    {
        Tensor features = hyperprior.Synthesis.Forward(scope, hyperLatent);
        Tensor? previous = null;
        foreach (HyperpriorSlice slice in hyperprior.Slices)
        {
            if (previous is not null)
            {
                Tensor informed = HyperpriorSlice.AddContext(scope, slice.Previous!, features, previous);
                scope.Release(features);
                scope.Release(previous);
                features = informed;
            }

            Tensor quantized = scope.CreateZero(1, padded with { Channels = slice.Channels });
            for (int half = 0; half < 2; half++)
            {
                Tensor predictions = slice.Predict(scope, features, quantized, half);
                yield return (slice, half, predictions, quantized);
                scope.Release(predictions);
            }

            previous = quantized;
        }
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
}
