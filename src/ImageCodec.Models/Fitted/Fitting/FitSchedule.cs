namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>How long a fit goes on at an effort, and what its iterations are like.</summary>
internal static class FitSchedule
{
    // Soft rounding becomes real rounding, and its noise less, on the way, as in Cool-chic (Ladune et al.), but from a softer start: latents that may
    // move freely get further in the first iterations.
    private const float FirstTemperature = 0.6f;
    private const float LastTemperature = 0.06f;
    private const float FirstNoise = 0.22f;
    private const float LastNoise = 0.15f;

    // The finer the latents, the further they have to go.
    private const double LatentRateAtZero = 0.22;
    private const double RatesPerDoubling = 24;

    private const float ParameterRate = 0.003f;

    private const int IterationsPerAdaptingStep = 100;
    private const int MaxAdaptingSteps = 25;

    private static readonly int[] s_iterations = [60, 200, 500, 1000, 2000, 4000, 6000, 9000, 13000, 18000];

    /// <summary>Iterations at an effort, 0 … <see cref="CompressionOptions.MaxEffort"/>.</summary>
    public static int Iterations(int effort) => s_iterations[effort];

    /// <summary>Steps by which the networks adapt to each group of them that has been quantised.</summary>
    public static int AdaptingSteps(int effort) => Math.Min(Iterations(effort) / IterationsPerAdaptingStep, MaxAdaptingSteps);

    /// <summary>An iteration.</summary>
    /// <param name="part">The part of the fit that is done, 0 … 1.</param>
    /// <param name="lambda">The price of a bit a pixel.</param>
    public static FitStep At(float part, double lambda)
    {
        float slowing = 0.5f * (1 + MathF.Cos(MathF.PI * part));
        return new FitStep(
            FirstTemperature + (LastTemperature - FirstTemperature) * part,
            FirstNoise + (LastNoise - FirstNoise) * part,
            (float)(LatentRateAtZero * Math.Pow(2, FittedPriors.RateOf(lambda) / RatesPerDoubling)) * slowing,
            ParameterRate * slowing);
    }
}
