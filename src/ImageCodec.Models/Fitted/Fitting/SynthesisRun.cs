namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>What bands compute in one run, and their results.</summary>
/// <param name="bands">How many there are.</param>
/// <param name="gradientCount">Parameters from the filters' first one on.</param>
internal sealed class SynthesisRun(int bands, int gradientCount)
{
    private readonly double[] _gradients = new double[bands * gradientCount];

    public required SynthesisWeights Weights { get; init; }

    /// <summary>Squared errors of each band.</summary>
    public double[] Squares { get; } = new double[bands];

    /// <summary>The values of the full-size grid.</summary>
    public GridPlane Grid { get; set; } = null!;

    /// <summary>Where the gradient by them is added; null where no gradients are asked for.</summary>
    public GridPlane? GridGradient { get; set; }

    /// <summary>What gradients are multiplied by: kernels give those of half the sum of squares.</summary>
    public float Scale { get; set; }

    /// <summary>Where the picture goes; null where it is not asked for.</summary>
    public RenderedPicture? Rendered { get; set; }

    /// <summary>Stops bands in their midst; what they give is no result then.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A band's gradients by the parameters from the filters' first one on, not yet scaled.</summary>
    public Span<double> Gradients(int band) => _gradients.AsSpan(band * gradientCount, gradientCount);
}
