namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>How long a fit goes on at an effort, and what its iterations are like.</summary>
internal static class FitSchedule
{
    // Soft rounding becomes real rounding, and its noise less, on the way (the end values of Cool-chic 5; Ladune et al.).
    private const float FirstTemperature = 0.35f;
    private const float LastTemperature = 0.08f;
    private const float FirstNoise = 0.22f;
    private const float LastNoise = 0.15f;

    private const float LatentRate = 0.16f;
    private const float ParameterRate = 0.003f;

    private static readonly int[] s_iterations = [60, 200, 500, 1000, 2000, 4000, 6000, 9000, 13000, 18000];

    /// <summary>Iterations at an effort, 0 … <see cref="CompressionOptions.MaxEffort"/>.</summary>
    public static int Iterations(int effort) => s_iterations[effort];

    /// <summary>An iteration.</summary>
    /// <param name="part">The part of the fit that is done, 0 … 1.</param>
    public static FitStep At(float part)
    {
        float slowing = 0.5f * (1 + MathF.Cos(MathF.PI * part));
        return new FitStep(
            FirstTemperature + (LastTemperature - FirstTemperature) * part,
            FirstNoise + (LastNoise - FirstNoise) * part,
            LatentRate * slowing,
            ParameterRate * slowing);
    }
}
