using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// Moves a latent to where bits and squared error together are less: the encoder only guesses it, and knows nothing of what rounding will do to it. In turn
/// the latent is quantised with an eye on the rate, decoded, and each value moved to where the squared error, as a parabola with the slope found on
/// the way back through the decoder, is least.
/// </summary>
/// <remarks>
/// After the refinement of latents by gradient steps (Campos et al., 2019; Yang, Bamler and Mandt, 2020), with the quantiser's own decisions in
/// place of noise. Files stay what they are, only writing them takes longer. Safe to use from several threads at once.
/// </remarks>
internal sealed unsafe class LatentRefinement(Network network, HyperpriorLatentCodec codec, Workspace workspace, int maxThreads)
{
    /// <summary>Places of a piece each way, without its surroundings: so much is led through the decoder at once.</summary>
    private const int PieceSide = 32;

    /// <summary>Places of surroundings on every side: as far as a change reaches through the decoder.</summary>
    private const int Margin = 4;

    private const double PixelScale = 255.0 * 255.0 / 3;

    /// <summary>One over the curvature of the squared error in bits, by values in steps: half of what the quantiser's price of a bit says.</summary>
    private const float InverseCurvature = 0.05f;

    /// <summary>
    /// How far values move towards where they would be best alone, times the root of the number of rounds: all move at once, and neighbours mend the
    /// same error.
    /// </summary>
    private const float Pace = 0.6f;

    /// <summary>Rounds for each effort.</summary>
    private static readonly int[] Rounds = [0, 1, 2, 3, 5, 8, 12, 20, 32, 50];

    private readonly Hyperprior _hyperprior = network.Hyperprior!;

    /// <summary>The most effort there is.</summary>
    public static int MaxEffort => Rounds.Length - 1;

    /// <summary>Refines a latent in place.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="latent">What the encoder made of it.</param>
    /// <param name="shape">The latent's shape.</param>
    /// <param name="level">The rate setting at which it will be coded.</param>
    /// <param name="effort">0 … <see cref="MaxEffort"/>.</param>
    /// <param name="progress">Told the fraction done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Run(
        RgbImage image, Span<float> latent, TensorShape shape, int level, int effort, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        float rate = HyperpriorLatentCodec.RateOf(level);
        float[] gains = _hyperprior.Gains(_hyperprior.LogGains, rate);
        float[] inverseGains = _hyperprior.Gains(_hyperprior.LogInverseGains, rate);
        float slope = (float)(2 * PixelScale * Hyperprior.Lambda(rate));
        int rounds = Rounds[effort];
        float pace = Pace / MathF.Sqrt(rounds);
        float[] restored = new float[shape.Length];
        float[] slopes = new float[shape.Length];
        for (int round = 0; round < rounds; round++)
        {
            codec.Quantize(latent, shape, level, restored, cancellationToken);
            for (int row = 0; row < shape.Height; row += PieceSide)
            {
                for (int column = 0; column < shape.Width; column += PieceSide)
                {
                    FindSlopes(image, restored, slopes, shape, new Piece(row, column, shape), slope, cancellationToken);
                }
            }

            for (int i = 0; i < latent.Length; i++)
            {
                int channel = i % shape.Channels;
                float target = restored[i] / inverseGains[channel] - InverseCurvature * slopes[i] * inverseGains[channel];
                float current = latent[i] * gains[channel];
                latent[i] = (current + pace * (target - current)) / gains[channel];
            }

            progress?.Report((round + 1.0) / rounds);
        }
    }

    /// <summary>Finds the slopes of the squared error, in bits, by the values of a piece of the latent as it will be decoded.</summary>
    private void FindSlopes(
        RgbImage image, float[] restored, float[] slopes, TensorShape shape, Piece piece, float slope, CancellationToken cancellationToken)
    {
        using ComputeScope scope = new(workspace, maxThreads, recording: true, cancellationToken) { IsTraining = false };
        Tensor input = scope.Create(1, new TensorShape(piece.Height, piece.Width, shape.Channels));
        input.NeedsGradient = true;
        int length = piece.Width * shape.Channels;
        for (int row = 0; row < piece.Height; row++)
        {
            restored.AsSpan(((piece.Top + row) * shape.Width + piece.Left) * shape.Channels, length).CopyTo(input.Span.Slice(row * length, length));
        }

        Tensor output = network.Decoder.Forward(scope, input);
        Tensor gradient = scope.GradientOf(output);

        // What lies beyond the picture's edges is cut off, and counts for nothing.
        nint pitch = (nint)output.Width * output.Channels;
        int height = Math.Min(output.Height, image.Height - piece.Top * network.Stride);
        int width = 3 * Math.Min(output.Width, image.Width - piece.Left * network.Stride);
        float[] pixels = new float[width];
        fixed (float* original = pixels)
        {
            for (int row = 0; row < height; row++)
            {
                PictureTensor.ReadRow(image, piece.Top * network.Stride + row, piece.Left * network.Stride, pixels);
                SquaredError.Run(output.Data + row * pitch, original, gradient.Data + row * pitch, width, slope);
            }
        }

        scope.Backward();
        ReadOnlySpan<float> found = input.Gradient!.Span;
        int own = (piece.LastColumn - piece.FirstColumn) * shape.Channels;
        for (int row = piece.FirstRow; row < piece.LastRow; row++)
        {
            found.Slice(row * length + piece.FirstColumn * shape.Channels, own)
                .CopyTo(slopes.AsSpan(((piece.Top + row) * shape.Width + piece.Left + piece.FirstColumn) * shape.Channels, own));
        }
    }

    /// <summary>A piece of a latent with its surroundings, as far as the latent goes, and the places in it that are its own.</summary>
    private readonly struct Piece(int row, int column, TensorShape shape)
    {
        public int Top { get; } = Math.Max(0, row - Margin);

        public int Left { get; } = Math.Max(0, column - Margin);

        public int Height => Math.Min(shape.Height, row + PieceSide + Margin) - Top;

        public int Width => Math.Min(shape.Width, column + PieceSide + Margin) - Left;

        public int FirstRow => row - Top;

        public int LastRow => Math.Min(shape.Height, row + PieceSide) - Top;

        public int FirstColumn => column - Left;

        public int LastColumn => Math.Min(shape.Width, column + PieceSide) - Left;
    }
}
