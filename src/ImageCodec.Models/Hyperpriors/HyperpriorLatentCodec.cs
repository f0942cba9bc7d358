using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// A latent as integers, each coded with the normal distribution that a hyper-latent, coded first, and the values coded before predict for it.
/// </summary>
/// <remarks>
/// The body is the level less 1 in one byte, and one stream of the hyper-latent and then of the latent in its coding order (<see cref="CodingOrder"/>); at each
/// position channel by channel. The networks compute the same bits on every machine, and what comes of them for the entropy coder are indices
/// of integer tables.
/// </remarks>
internal sealed unsafe class HyperpriorLatentCodec(EntropyModel model, Workspace workspace, int maxThreads) : ILatentCodec
{
    private const string FormatName = "ICD";

    /// <summary>About 30 dB on photos rich in detail, more on others.</summary>
    public int DefaultLevel => 150;

    public int LevelCount => RateGains.LevelCount;

    public int? LatentChannels => model.LatentChannels;

    public void Encode(
        ReadOnlySpan<float> latent, TensorShape latentShape, int level, IBufferWriter<byte> body, Span<float> decoded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        LatentArguments.CheckEncode(latent.Length, latentShape, decoded.Length, model.LatentChannels);
        LatentArguments.CheckLevel(level, LevelCount);
        InverseGain? inverse = decoded.IsEmpty ? null : model.Gains.Inverse(RateGains.RateOf(level));
        CodedLatent coded = Quantize(latent, latentShape, level, inverse, decoded, cancellationToken);
        body.Write([(byte)(level - 1)]);
        model.Tables.Coder.Encode(coded.Values, coded.Indices, body, cancellationToken);
    }

    /// <summary>Quantises a latent as <see cref="Encode"/> does.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The level.</param>
    /// <param name="inverse">What turns values as they are coded into those of <paramref name="output"/>; null to leave them in steps, their means included.</param>
    /// <param name="output">Receives the latent as the decoder knows it; or is empty.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="skipsLastStep">Whether the last step of the coding order is left out, its values zero: for those who only want to know about how many bits there are.</param>
    public CodedLatent Quantize(
        ReadOnlySpan<float> latent,
        TensorShape shape,
        int level,
        InverseGain? inverse,
        Span<float> output,
        CancellationToken cancellationToken,
        bool skipsLastStep = false)
    {
        LatentArguments.CheckLevel(level, LevelCount);
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor gained = scope.CreateZero(1, HyperLatent.Pad(shape));
        ApplyGains(scope, latent, shape, model.Gains.Gains(RateGains.RateOf(level)), gained);
        Tensor hyperLatent = model.HyperLatent.Analysis.Forward(scope, gained);
        int hyperCount = (int)hyperLatent.Length;
        short[] values = new short[hyperCount + shape.Length];
        byte[] indices = new byte[values.Length];
        model.HyperLatent.Quantize(hyperLatent, values.AsSpan(0, hyperCount));
        model.HyperLatent.SetIndices(indices.AsSpan(0, hyperCount));

        RateDistortionQuantizer quantizer = model.Tables.Quantizer;
        Checkerboard board = new(shape);
        int done = hyperCount;
        foreach (CodingStep step in model.Walk(scope, hyperLatent).Take(2 * model.Groups.Count - (skipsLastStep ? 1 : 0)))
        {
            ChannelGroup group = step.Group;
            done += board.ForRows(scope, step.Positions, group.Channels, done, (row, column, at) =>
            {
                for (; column < shape.Width; column += 2)
                {
                    int count = group.Channels;
                    Span<byte> tables = indices.AsSpan(at, count);
                    ScaleTable.IndicesOf(new ReadOnlySpan<float>(step.Prediction.LogScalesAt(row, column), count), tables);
                    quantizer.Run(
                        new ReadOnlySpan<float>(Place(gained, row, column) + group.FirstChannel, count),
                        new ReadOnlySpan<float>(step.Prediction.At(row, column), count),
                        tables,
                        values.AsSpan(at, count),
                        new Span<float>(Place(step.Coded, row, column), count));
                    at += count;
                }
            });
            if (step.Positions == Positions.NonAnchor && !output.IsEmpty)
            {
                TakeOut(scope, step, shape, inverse, output);
            }
        }

        return new CodedLatent(values, indices);
    }

    public void Decode(ReadOnlySpan<byte> body, TensorShape latentShape, Span<float> latent, CancellationToken cancellationToken = default)
    {
        LatentArguments.CheckDecode(latent.Length, latentShape, model.LatentChannels);
        if (body.Length < 1 || body[0] >= LevelCount)
        {
            throw new InvalidFileException(FormatName, body.Length < 1 ? "the body is empty." : $"the level is {body[0] + 1}, but there are only {LevelCount}.");
        }

        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        TensorShape hyperShape = model.HyperLatent.ShapeOf(latentShape);
        if (hyperShape.Length > TableCoder.MaxValueCount - latentShape.Length)
        {
            throw new InvalidFileException(FormatName, $"a latent of {latentShape} is larger than the table coder takes.");
        }

        TableReader reader = model.Tables.Coder.CreateReader(body[1..], hyperShape.Length + latentShape.Length);
        Checkerboard board = new(latentShape);
        short[] values = new short[Math.Max(hyperShape.Length, board.Count(Positions.Anchor) * model.Groups.Max(group => group.Channels))];
        byte[] indices = new byte[values.Length];
        model.HyperLatent.SetIndices(indices.AsSpan(0, hyperShape.Length));
        Read(ref reader, indices.AsSpan(0, hyperShape.Length), values);
        Tensor hyperLatent = scope.Create(1, hyperShape);
        model.HyperLatent.Dequantize(values, hyperLatent);

        InverseGain inverse = model.Gains.Inverse(RateGains.RateOf(body[0] + 1));
        foreach (CodingStep step in model.Walk(scope, hyperLatent))
        {
            int channels = step.Group.Channels;
            int count = board.ForRows(scope, step.Positions, channels, 0, (row, column, at) =>
            {
                for (; column < latentShape.Width; column += 2, at += channels)
                {
                    ScaleTable.IndicesOf(new ReadOnlySpan<float>(step.Prediction.LogScalesAt(row, column), channels), indices.AsSpan(at, channels));
                }
            });
            Read(ref reader, indices.AsSpan(0, count), values);
            board.ForRows(scope, step.Positions, channels, 0, (row, column, at) =>
            {
                for (; column < latentShape.Width; column += 2, at += channels)
                {
                    AddMeans(
                        values.AsSpan(at, channels),
                        new ReadOnlySpan<float>(step.Prediction.At(row, column), channels),
                        new Span<float>(Place(step.Coded, row, column), channels));
                }
            });
            if (step.Positions == Positions.NonAnchor)
            {
                TakeOut(scope, step, latentShape, inverse, latent);
            }
        }

        if (!reader.IsAtEnd)
        {
            throw Damaged();
        }
    }

    public int FindLevel(ReadOnlySpan<float> latent, TensorShape latentShape, double length, CancellationToken cancellationToken = default)
    {
        LatentArguments.CheckEncode(latent.Length, latentShape, channels: model.LatentChannels);
        LatentArguments.CheckTarget(length);
        return new LevelSearch(this, model).Run(latent, latentShape, length, cancellationToken);
    }

    /// <summary>Puts a group's values among the latent's, with their gains taken back unless <paramref name="inverse"/> is null.</summary>
    private static void TakeOut(ComputeScope scope, CodingStep step, TensorShape shape, InverseGain? inverse, Span<float> latent)
    {
        ChannelGroup group = step.Group;
        Tensor coded = step.Coded;
        fixed (float* output = latent)
        {
            float* to = output + group.FirstChannel;
            scope.ForRanges(shape.Height, shape.Width * group.Channels / 8.0, (first, last) =>
            {
                for (int place = first * shape.Width; place < last * shape.Width; place++)
                {
                    ReadOnlySpan<float> values = new(Place(coded, place / shape.Width, place % shape.Width), group.Channels);
                    Span<float> target = new(to + (nint)place * shape.Channels, group.Channels);
                    if (inverse is null)
                    {
                        values.CopyTo(target);
                    }
                    else
                    {
                        inverse.Run(values, group.FirstChannel, target);
                    }
                }
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMeans(ReadOnlySpan<short> values, ReadOnlySpan<float> means, Span<float> sums)
    {
        int i = 0;
        for (; i <= values.Length - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            (Vector256<int> wide, _) = Vector256.Widen(Vector128.Create(values[i..]).ToVector256());
            (Vector256.ConvertToSingle(wide) + Vector256.Create(means[i..])).CopyTo(sums[i..]);
        }

        for (; i < values.Length; i++)
        {
            sums[i] = values[i] + means[i];
        }
    }

    private static float* Place(Tensor tensor, int row, int column) => tensor.Data + ((nint)row * tensor.Width + column) * tensor.Channels;

    private static void Read(ref TableReader reader, ReadOnlySpan<byte> indices, Span<short> values)
    {
        if (!reader.TryRead(indices, values[..indices.Length]))
        {
            throw Damaged();
        }
    }

    private static InvalidFileException Damaged() => new(FormatName, "the payload is not one of this model; it is damaged or cut short.");

    private static void ApplyGains(ComputeScope scope, ReadOnlySpan<float> latent, TensorShape shape, float[] gains, Tensor gained)
    {
        fixed (float* pinned = latent)
        {
            float* values = pinned;
            scope.ForRanges(shape.Height, shape.Width * shape.Channels / 8.0, (first, last) =>
            {
                for (int place = first * shape.Width; place < last * shape.Width; place++)
                {
                    (int row, int column) = Math.DivRem(place, shape.Width);
                    RateGains.Apply(
                        new ReadOnlySpan<float>(values + (nint)place * shape.Channels, shape.Channels),
                        gains,
                        new Span<float>(Place(gained, row, column), shape.Channels));
                }
            });
        }
    }
}

/// <summary>A latent as it is coded.</summary>
/// <param name="Values">What is coded, in order: the hyper-latent first.</param>
/// <param name="Indices">The index of the table for each of it.</param>
internal readonly record struct CodedLatent(short[] Values, byte[] Indices);
