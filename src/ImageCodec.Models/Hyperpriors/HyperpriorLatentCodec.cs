using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// A latent as integers, each coded with the normal distribution that a hyper-latent, coded first, and the values coded before predict for it.
/// </summary>
/// <remarks>
/// The body is the level less 1 in one byte, and one stream of the hyper-latent and then of the latent in its coding order (<see cref="CodingOrder"/>); at each
/// position channel by channel. Its values are quantised along the paths of a trellis (<see cref="TrellisQuantizer"/>). The networks compute the same bits on
/// every machine, and what comes of them for the entropy coder are indices of integer tables.
/// </remarks>
internal sealed unsafe class HyperpriorLatentCodec(EntropyModel model, Workspace workspace, int maxThreads) : ILatentCodec
{
    private const string FormatName = "ICD";

    /// <summary>Values of a step after which a path of the trellis begins anew, so that several pieces can be quantised at once; a part of the format.</summary>
    private const int PathLength = 1 << 12;

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
        Write(Quantize(latent, latentShape, level, inverse, decoded, cancellationToken), level, body, cancellationToken);
    }

    /// <summary>Writes the body of a quantised latent.</summary>
    public void Write(CodedLatent coded, int level, IBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        body.Write([(byte)(level - 1)]);
        model.Tables.Coder.Encode(coded.Values, coded.Indices, body, cancellationToken);
    }

    /// <summary>Quantises a latent as <see cref="Encode"/> does, or with another quantiser.</summary>
    /// <param name="latent">The latent.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The level.</param>
    /// <param name="inverse">What turns values as they are coded into those of <paramref name="output"/>; null to leave them in steps, their means included.</param>
    /// <param name="output">Receives the latent as the decoder knows it; or is empty.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="skipsLastStep">Whether the last step of the coding order is left out, its values zero: for those who only want to know about how many bits there are.</param>
    /// <param name="quantizer">The quantiser; null for the usual one.</param>
    /// <param name="weights">What a squared step counts to the quantiser, value by value; null if it counts 1 everywhere.</param>
    public CodedLatent Quantize(
        ReadOnlySpan<float> latent,
        TensorShape shape,
        int level,
        InverseGain? inverse,
        Span<float> output,
        CancellationToken cancellationToken,
        bool skipsLastStep = false,
        TrellisQuantizer? quantizer = null,
        float[]? weights = null)
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

        quantizer ??= model.Tables.Quantizer;
        Checkerboard board = new(shape);
        TensorShape largestStep = new(1, board.Count(Positions.Anchor), model.Groups.Max(group => group.Channels));
        float* distances = scope.Create(1, largestStep).Data;
        float* stepWeights = weights is null ? null : scope.Create(1, largestStep).Data;
        int pathCount = TableCoder.GetStateCount(values.Length);
        int pieceLength = pathCount * PathLength;
        int done = hyperCount;
        foreach (CodingStep step in model.Walk(scope, hyperLatent).Take(2 * model.Groups.Count - (skipsLastStep ? 1 : 0)))
        {
            int channels = step.Group.Channels;
            int start = done;
            int count = board.ForRows(scope, step.Positions, channels, 0, (row, column, at) =>
            {
                for (; column < shape.Width; column += 2, at += channels)
                {
                    SetTables(step, row, column, indices.AsSpan(start + at, channels));
                    Subtract(
                        new ReadOnlySpan<float>(Place(gained, row, column) + step.Group.FirstChannel, channels),
                        new ReadOnlySpan<float>(step.Prediction.At(row, column), channels),
                        new Span<float>(distances + at, channels));
                    weights?.AsSpan((row * shape.Width + column) * shape.Channels + step.Group.FirstChannel, channels).CopyTo(new Span<float>(stepWeights + at, channels));
                }
            });
            scope.For((count + pieceLength - 1) / pieceLength, piece =>
            {
                int first = piece * pieceLength;
                int length = Math.Min(pieceLength, count - first);
                quantizer.Run(
                    new ReadOnlySpan<float>(distances + first, length),
                    indices.AsSpan(start + first, length),
                    pathCount,
                    start + first,
                    values.AsSpan(start + first, length),
                    weights is null ? [] : new ReadOnlySpan<float>(stepWeights + first, length));
            });
            SetCoded(scope, step, board, values.AsMemory(start, count), indices.AsMemory(start, count));
            done += count;
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

        int valueCount = hyperShape.Length + latentShape.Length;
        int pieceLength = TableCoder.GetStateCount(valueCount) * PathLength;
        TableReader reader = model.Tables.Coder.CreateReader(body[1..], valueCount);
        Checkerboard board = new(latentShape);
        short[] values = new short[Math.Max(hyperShape.Length, board.Count(Positions.Anchor) * model.Groups.Max(group => group.Channels))];
        byte[] indices = new byte[values.Length];
        model.HyperLatent.SetIndices(indices.AsSpan(0, hyperShape.Length));
        if (!reader.TryRead(indices.AsSpan(0, hyperShape.Length), values.AsSpan(0, hyperShape.Length)))
        {
            throw Damaged();
        }

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
                    SetTables(step, row, column, indices.AsSpan(at, channels));
                }
            });
            for (int first = 0; first < count; first += pieceLength)
            {
                int length = Math.Min(pieceLength, count - first);
                if (!reader.TryReadTrellis(indices.AsSpan(first, length), values.AsSpan(first, length)))
                {
                    throw Damaged();
                }
            }

            SetCoded(scope, step, board, values.AsMemory(0, count), indices.AsMemory(0, count));
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

    /// <summary>Tells the tables of a place's values, of quantiser 0 where there are two.</summary>
    private static void SetTables(CodingStep step, int row, int column, Span<byte> tables)
    {
        ScaleTable.IndicesOf(new ReadOnlySpan<float>(step.Prediction.LogScalesAt(row, column), tables.Length), tables);
        DependentTables.FromScales(tables);
    }

    /// <summary>Fills in a step's positions as the decoder sees them.</summary>
    private static void SetCoded(ComputeScope scope, CodingStep step, Checkerboard board, ReadOnlyMemory<short> values, ReadOnlyMemory<byte> tables)
    {
        int channels = step.Group.Channels;
        board.ForRows(scope, step.Positions, channels, 0, (row, column, at) =>
        {
            for (; column < board.Width; column += 2, at += channels)
            {
                DependentTables.AddSteps(
                    values.Span.Slice(at, channels),
                    tables.Span.Slice(at, channels),
                    new ReadOnlySpan<float>(step.Prediction.At(row, column), channels),
                    new Span<float>(Place(step.Coded, row, column), channels));
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(ReadOnlySpan<float> values, ReadOnlySpan<float> means, Span<float> distances)
    {
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(values[i..]) - new Vector<float>(means[i..])).CopyTo(distances[i..]);
        }

        for (; i < values.Length; i++)
        {
            distances[i] = values[i] - means[i];
        }
    }

    private static float* Place(Tensor tensor, int row, int column) => tensor.Data + ((nint)row * tensor.Width + column) * tensor.Channels;

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
