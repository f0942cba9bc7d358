using System.Buffers;
using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Moves a latent to where bits and squared error together are less: the encoder only guesses it, and knows nothing of what rounding will do to it. In turn
/// the latent is quantised with an eye on the rate, decoded, and each value moved to where the sum, as a parabola with the slope found on the way
/// back through the decoder and through what predicts other values, is least.
/// </summary>
/// <remarks>
/// After the refinement of latents by gradient steps (Campos et al., 2019; Yang, Bamler and Mandt, 2020), with the quantiser's own decisions in
/// place of noise. Files stay what they are, only writing them takes longer. Safe to use from several threads at once.
/// </remarks>
internal sealed unsafe class LatentRefinement(HyperpriorNetwork network, HyperpriorLatentCodec codec, Workspace workspace, int maxThreads) : ILatentRefinement
{
    private const double PixelScale = 255.0 * 255.0 / 3;

    /// <summary>
    /// λ of the quantiser: what a bit may cost in squared steps. It is nearer to what the error alone would allow than <see cref="TrellisQuantizer.UsualLambda"/>, as what a value does to the bits of
    /// others is in its slope. That is where the error curves as it usually does; see <see cref="LatentCurvature.WeightOf"/>.
    /// </summary>
    public const float Lambda = 0.06f;

    /// <summary>
    /// How far values move at first towards where they would be best alone: all move at once, neighbours mend the same error, and what rounding does to a value along the
    /// path of a trellis hangs on all values before it.
    /// </summary>
    private const float Pace = 0.22f;

    /// <summary>The part of it that is lost by and by, so that they come to rest.</summary>
    private const float PaceLoss = 0.75f;

    /// <summary>So few rounds have no time for that.</summary>
    private const int FewRounds = 3;

    /// <summary>Rounds for each effort.</summary>
    private static readonly int[] Rounds = [0, 1, 2, 3, 5, 8, 12, 20, 32, 50];

    private readonly EntropyModel _model = network.EntropyModel;

    public double Cost(RgbImage image, ReadOnlySpan<float> latent, TensorShape shape, int level, CancellationToken cancellationToken)
    {
        float[] coded = new float[shape.Length];
        return Look(image, latent, shape, level, _model.Tables.Quantizer, null, coded, [], cancellationToken).Cost;
    }

    public void Encode(
        RgbImage image,
        ReadOnlySpan<float> latent,
        TensorShape shape,
        int level,
        int effort,
        IBufferWriter<byte> body,
        Span<float> decoded,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        float rate = RateGains.RateOf(level);
        float[] gains = _model.Gains.Gains(rate);
        int rounds = Rounds[effort];
        float[] moved = latent.ToArray();
        float[] coded = new float[shape.Length];
        float[] slopes = new float[shape.Length];
        float[]? weights = null;
        LatentCurvature curvature = new(shape.Width * shape.Height, shape.Channels);
        CodedLatent best = default;
        double bestCost = double.PositiveInfinity;
        for (int round = 0; round <= rounds; round++)
        {
            (CodedLatent quantized, double cost) = Look(
                image, moved, shape, level, _model.Tables.RefiningQuantizer, weights, coded, round < rounds ? slopes : [], cancellationToken);
            if (cost < bestCost)
            {
                (best, bestCost) = (quantized, cost);
                if (!decoded.IsEmpty)
                {
                    coded.CopyTo(decoded);
                }
            }

            // The last time it is only seen what came of the round before.
            if (round < rounds)
            {
                float pace = rounds <= FewRounds ? Pace : Pace * (1 - PaceLoss * round / rounds);
                Move(moved, coded, slopes, gains, pace, curvature, weights ??= new float[shape.Length]);
            }

            progress?.Report((round + 1.0) / (rounds + 1));
        }

        codec.Write(best, level, body, cancellationToken);
        _model.Gains.Inverse(rate).Run(decoded, decoded);
    }

    /// <summary>Quantises a latent, and looks at what comes of it.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="latent">The latent.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="level">The level.</param>
    /// <param name="quantizer">The quantiser.</param>
    /// <param name="weights">What a squared step counts to it, value by value; null if it counts 1 everywhere.</param>
    /// <param name="coded">Receives the latent as it is coded, in steps.</param>
    /// <param name="slopes">Receives how bits and error rise with its values; empty if nobody wants to know.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The values, and their bits and error together, in bits.</returns>
    private (CodedLatent Quantized, double Cost) Look(
        RgbImage image,
        ReadOnlySpan<float> latent,
        TensorShape shape,
        int level,
        TrellisQuantizer quantizer,
        float[]? weights,
        float[] coded,
        float[] slopes,
        CancellationToken cancellationToken)
    {
        float rate = RateGains.RateOf(level);
        CodedLatent quantized = codec.Quantize(latent, shape, level, null, coded, cancellationToken, quantizer: quantizer, weights: weights);
        float slope = (float)(2 * PixelScale * RateGains.Lambda(rate));
        double error = FindSlopes(image, coded, quantized, shape, slopes, _model.Gains.Inverse(rate), slope, cancellationToken);
        return (quantized, quantizer.BitsOf(quantized.Values, quantized.Indices) + error);
    }

    /// <summary>Moves values towards where they would be best if all others stayed.</summary>
    /// <param name="latent">The values; become what they are moved to.</param>
    /// <param name="coded">What they were coded as, in steps; becomes what they were rounded by.</param>
    /// <param name="slopes">How bits and error rise with what they were coded as.</param>
    /// <param name="gains">The steps in a value, for each channel.</param>
    /// <param name="pace">The part of the way.</param>
    /// <param name="curvature">Learns of the error's curvature.</param>
    /// <param name="weights">Receives what a squared step counts from now on.</param>
    private static void Move(float[] latent, float[] coded, float[] slopes, float[] gains, float pace, LatentCurvature curvature, float[] weights)
    {
        int channels = gains.Length;
        int places = latent.Length / channels;
        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = place * channels + channel;
                coded[i] -= latent[i] * gains[channel];
            }
        }

        curvature.Add(coded, slopes);
        for (int place = 0; place < places; place++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = place * channels + channel;
                latent[i] += pace * (coded[i] - curvature.Inverse(place, channel) * slopes[i]) / gains[channel];
                weights[i] = curvature.WeightOf(place, channel);
            }
        }
    }

    /// <summary>Finds slopes piece by piece.</summary>
    /// <returns>The squared error, in bits, of the picture.</returns>
    private double FindSlopes(
        RgbImage image,
        float[] coded,
        CodedLatent quantized,
        TensorShape shape,
        float[] slopes,
        InverseGain inverse,
        float slope,
        CancellationToken cancellationToken)
    {
        using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
        Tensor? parameters = null;
        if (slopes.Length > 0)
        {
            Tensor hyperLatent = scope.Create(1, _model.HyperLatent.ShapeOf(shape));
            _model.HyperLatent.Dequantize(quantized.Values, hyperLatent);
            parameters = _model.HyperLatent.Synthesis.Forward(scope, hyperLatent);
        }

        double error = 0;
        for (int row = 0; row < shape.Height; row += LatentPiece.Side)
        {
            for (int column = 0; column < shape.Width; column += LatentPiece.Side)
            {
                error += FindSlopes(image, coded, parameters, slopes, inverse, new LatentPiece(row, column, shape), slope, cancellationToken);
            }
        }

        return error;
    }

    /// <summary>
    /// Finds how bits and squared error, in bits, rise with the values of a piece of the latent as it is coded: the error that the decoder makes of
    /// them, and the bits of other values that are predicted from them.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="coded">The latent.</param>
    /// <param name="parameters">The entropy parameters that the hyper-latent gives; null if only the error is wanted.</param>
    /// <param name="slopes">Receives the slopes of the piece's values; empty then too.</param>
    /// <param name="inverse">What turns values as they are coded into the latent.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="slope">What an error counts.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The squared error, in bits, of the piece itself.</returns>
    private double FindSlopes(
        RgbImage image, float[] coded, Tensor? parameters, Span<float> slopes, InverseGain inverse, LatentPiece piece, float slope, CancellationToken cancellationToken)
    {
        using ComputeScope scope = new(workspace, maxThreads, recording: parameters is not null, cancellationToken) { IsTraining = false };
        TensorShape shape = piece.Whole;
        Tensor input = scope.Create(1, new TensorShape(piece.Height, piece.Width, shape.Channels));
        input.NeedsGradient = true;
        piece.Copy(coded, shape.Width, input);
        Tensor joined = input;
        if (parameters is not null)
        {
            Tensor own = scope.Create(1, input.Shape with { Channels = parameters.Channels });
            piece.Copy(parameters.Span, parameters.Width, own);
            joined = new HyperpriorRate(scope, _model.Groups, null, [1]).CodeLatent(input, own);
        }

        Tensor output = network.Decoder.Forward(scope, Restore(scope, joined, inverse));
        Tensor gradient = scope.GradientOf(output);

        // What lies beyond the picture's edges is cut off, and counts for nothing.
        int stride = network.Stride;
        nint pitch = (nint)output.Width * output.Channels;
        int height = Math.Min(output.Height, image.Height - piece.Top * stride);
        int width = Math.Min(output.Width, image.Width - piece.Left * stride);
        int first = piece.FirstColumn * stride;
        int last = Math.Min(piece.LastColumn * stride, width);
        double error = 0;
        float[] pixels = new float[3 * width];
        fixed (float* original = pixels)
        {
            for (int row = 0; row < height; row++)
            {
                PictureTensor.ReadRow(image, piece.Top * stride + row, piece.Left * stride, pixels);
                nint at = row * pitch;
                bool isOwn = row >= piece.FirstRow * stride && row < piece.LastRow * stride;
                Compare(original, 0, first);
                double own = Compare(original, first, last);
                Compare(original, last, width);
                error += isOwn ? own : 0;

                double Compare(float* expected, int from, int to) =>
                    SquaredError.Run(output.Data + at + 3 * from, expected + 3 * from, gradient.Data + at + 3 * from, 3 * (to - from), slope);
            }
        }

        if (parameters is null)
        {
            return 0.5 * slope * error;
        }

        scope.Backward();
        ReadOnlySpan<float> found = input.Gradient!.Span;
        int length = piece.Width * shape.Channels;
        int ownLength = (piece.LastColumn - piece.FirstColumn) * shape.Channels;
        for (int row = piece.FirstRow; row < piece.LastRow; row++)
        {
            found.Slice(row * length + piece.FirstColumn * shape.Channels, ownLength)
                .CopyTo(slopes[(((piece.Top + row) * shape.Width + piece.Left + piece.FirstColumn) * shape.Channels)..]);
        }

        return 0.5 * slope * error;
    }

    private static Tensor Restore(ComputeScope scope, Tensor coded, InverseGain inverse)
    {
        InverseGain slopes = inverse with { Offsets = new float[coded.Channels] };
        Tensor restored = scope.Create(1, coded.Shape);
        restored.NeedsGradient = true;
        Run(inverse, coded, restored);
        scope.Record(() => Run(slopes, restored.Gradient!, scope.GradientOf(coded)));
        return restored;

        void Run(InverseGain how, Tensor from, Tensor to)
        {
            int pitch = coded.Width * coded.Channels;
            scope.ForRanges(coded.Height, pitch, (first, last) =>
                how.Run(from.Span[(first * pitch)..(last * pitch)], to.Span[(first * pitch)..(last * pitch)]));
        }
    }
}
