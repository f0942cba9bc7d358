namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// A decoder and latent grids while they are fitted to a picture: both are free parameters, and an iteration takes a step down the gradient of
/// rate + weight · distortion. The loss counts bits.
/// </summary>
internal sealed class PictureFit
{
    private readonly EntropyPass _entropy;
    private readonly SynthesisPass _synthesis;
    private readonly WeightOptimizer _optimizer;
    private readonly ParameterRate _parameterRate;
    private readonly float[] _gradients;
    private readonly RgbImage _image;
    private uint _iteration;

    /// <summary>What the latents took last.</summary>
    private double _bits;

    /// <summary>Starts at the networks of a prior and latents of zero.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="image">The picture.</param>
    /// <param name="lambda">The price of a bit a pixel, in squared errors of values in [0, 1].</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="cancellationToken">Stops the taking of memory.</param>
    public PictureFit(FittedPrior prior, RgbImage image, double lambda, int maxThreads, CancellationToken cancellationToken = default)
    {
        _image = image;
        Prior = prior;
        Lambda = lambda;
        Parameters = prior.ToFloat();
        Grids = new LatentGrids(image.Width, image.Height, maxThreads, cancellationToken);
        _entropy = new EntropyPass(prior.Layout, image.Width, image.Height, maxThreads, cancellationToken: cancellationToken);
        _synthesis = new SynthesisPass(prior.Layout, image, maxThreads, cancellationToken: cancellationToken);
        _optimizer = new WeightOptimizer(prior.Layout);
        _parameterRate = new ParameterRate(prior);
        _gradients = new float[prior.Layout.Count];
    }

    /// <summary>What the networks start from, and are coded against.</summary>
    public FittedPrior Prior { get; }

    /// <summary>The price of a bit a pixel, in squared errors of values in [0, 1].</summary>
    public double Lambda { get; set; }

    public LatentGrids Grids { get; }

    /// <summary>The networks as they are now.</summary>
    public float[] Parameters { get; }

    /// <summary>The gradient of the last iteration by all parameters.</summary>
    public ReadOnlySpan<float> ParameterGradients => _gradients;

    /// <summary>Pixels of the picture.</summary>
    public double PixelCount => (double)_image.Width * _image.Height;

    /// <summary>What a mean squared error of 1 costs, in bits.</summary>
    private double DistortionWeight => PixelCount / Lambda;

    /// <summary>Takes a step.</summary>
    /// <returns>The rate in bits and the mean squared error, both of the disturbed latents before the step.</returns>
    public (double Bits, double Error) Iterate(FitStep step, CancellationToken cancellationToken)
    {
        Grids.Soften(step.Temperature, step.Noise, ++_iteration, cancellationToken);
        Grids.ClearGradients(cancellationToken);
        Array.Clear(_gradients);
        _bits = _entropy.Run(Grids.Values, Parameters, Grids.Gradients, _gradients, 0, cancellationToken);
        double error = _synthesis.Run(Grids.Values, Parameters, Grids.Gradients, _gradients, DistortionWeight, cancellationToken);
        Grids.Step(step.LatentRate, cancellationToken);
        if (step.ParameterRate > 0)
        {
            _parameterRate.AddGradient(Parameters, ParameterRate.Weight(_bits), _gradients);
            _optimizer.Step(Parameters, _gradients, step.ParameterRate, ..);
            Prior.Layout.Confine(Parameters);
        }

        return (_bits, error);
    }

    /// <summary>Rounds what the networks see.</summary>
    /// <returns>The rate of the latents in bits, and the mean squared error.</returns>
    public (double Bits, double Error) Round(CancellationToken cancellationToken)
    {
        Grids.Round(cancellationToken);
        return (Bits(Parameters, cancellationToken), Error(Parameters, cancellationToken));
    }

    /// <summary>Takes a step of some networks towards what the grids hold now; the latents stay.</summary>
    /// <param name="parameters">The networks; changed.</param>
    /// <param name="part">The parameters that may move: whole groups, all of the entropy model or all behind it.</param>
    /// <param name="rate">How far they move in each direction, about.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Adapt(Span<float> parameters, Range part, float rate, CancellationToken cancellationToken)
    {
        Grids.ClearGradients(cancellationToken);
        Array.Clear(_gradients);
        if (IsEntropy(part))
        {
            _bits = _entropy.Run(Grids.Values, parameters, Grids.Gradients, _gradients, 0, cancellationToken);
        }
        else
        {
            _synthesis.Run(Grids.Values, parameters, Grids.Gradients, _gradients, DistortionWeight, cancellationToken);
        }

        _parameterRate.AddGradient(parameters, ParameterRate.Weight(_bits), _gradients);
        _optimizer.Step(parameters, _gradients, rate, part);
        Prior.Layout.Confine(parameters);
    }

    /// <summary>The rate of what the grids hold now, under some networks.</summary>
    public double Bits(ReadOnlySpan<float> parameters, CancellationToken cancellationToken) => _entropy.Run(Grids.Values, parameters, null, [], 0, cancellationToken);

    /// <summary>The mean squared error of what the grids hold now, under some networks.</summary>
    public double Error(ReadOnlySpan<float> parameters, CancellationToken cancellationToken) =>
        _synthesis.Run(Grids.Values, parameters, null, [], 0, cancellationToken);

    /// <summary>The squared error of what the grids hold now, under some networks, priced in bits.</summary>
    public double WeightedError(ReadOnlySpan<float> parameters, CancellationToken cancellationToken) => DistortionWeight * Error(parameters, cancellationToken);

    /// <summary>What some networks cost in bits with what the grids hold now, as far as a part of them decides it.</summary>
    /// <param name="parameters">The networks.</param>
    /// <param name="part">Whole groups, all of the entropy model or all behind it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public double Cost(ReadOnlySpan<float> parameters, Range part, CancellationToken cancellationToken) =>
        IsEntropy(part) ? Bits(parameters, cancellationToken) : WeightedError(parameters, cancellationToken);

    /// <summary>Leaves the gradient of the weighted error by what the grids hold now in <see cref="LatentGrids.Gradients"/>.</summary>
    /// <returns>The weighted error.</returns>
    public double DifferentiateError(CancellationToken cancellationToken)
    {
        Grids.ClearGradients(cancellationToken);
        return DistortionWeight * _synthesis.Run(Grids.Values, Parameters, Grids.Gradients, _gradients, DistortionWeight, cancellationToken);
    }

    /// <summary>The values that the grids hold now, which must be rounded.</summary>
    public IntegerGrids ToIntegers(CancellationToken cancellationToken)
    {
        IntegerGrids grids = new(_image.Width, _image.Height);
        for (int grid = 0; grid < grids.Count; grid++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < grids.Height(grid); y++)
            {
                ReadOnlySpan<float> from = Grids.Values[grid].Values(y);
                Span<short> to = grids.Row(grid, y);
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] = (short)from[x];
                }
            }
        }

        return grids;
    }

    /// <summary>Whether a part of the parameters belongs to the entropy model; the others are upsampling and synthesis.</summary>
    private bool IsEntropy(Range part) => part.Start.Value < Prior.Layout.FilterStart;
}

/// <summary>What an iteration is like.</summary>
/// <param name="Temperature">Of soft rounding: the lower, the nearer to rounding.</param>
/// <param name="Noise">Standard deviation of the noise on latents.</param>
/// <param name="LatentRate">How far a latent moves, about.</param>
/// <param name="ParameterRate">How far the networks move in each direction, about; 0 keeps them.</param>
internal readonly record struct FitStep(float Temperature, float Noise, float LatentRate, float ParameterRate);
