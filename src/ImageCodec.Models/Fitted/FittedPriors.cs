using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Fitted;

/// <summary>The priors of the format, which are among the library's weights.</summary>
internal static class FittedPriors
{
    /// <summary>Rates that priors are for. The higher, the finer the latents.</summary>
    public const int Rates = 32;

    /// <summary>The name of the model.</summary>
    public const string ModelName = "fitted";

    private static readonly Lazy<PriorAnchors[]> s_anchors = new(() =>
    {
        WeightsFile weights = PretrainedModel.Get(ModelName).ReadWeights();
        return [.. FittedLayout.All.Select(layout => Read(weights, layout))];
    });

    /// <summary>The price of a bit a pixel, in squared errors of values in [0, 1], at which the prior of a rate was trained.</summary>
    public static double Lambda(double rate) => Math.Pow(2, -5 - 0.3 * rate);

    /// <summary>The rate, perhaps between two, at whose price a prior would be trained, kept within those there are.</summary>
    public static double RateOf(double lambda) => Math.Clamp((-5 - Math.Log2(lambda)) / 0.3, 0, Rates - 1);

    /// <summary>The prior of a layout at a rate, 0 … <see cref="Rates"/> − 1.</summary>
    public static FittedPrior Of(FittedLayout layout, int rate) => s_anchors.Value[layout.Size].At(rate);

    /// <summary>What the weights file calls the means of a layout.</summary>
    public static string MeansName(FittedLayout layout) => layout.Name + ".means";

    /// <summary>What it calls their scales.</summary>
    public static string ScalesName(FittedLayout layout) => layout.Name + ".scales";

    private static PriorAnchors Read(WeightsFile file, FittedLayout layout)
    {
        float[] means = file.Get(MeansName(layout), [PriorAnchors.Count, layout.Count]).Values;
        float[] scales = file.Get(ScalesName(layout), [layout.Count]).Values;
        return new PriorAnchors(
            layout,
            [.. means.Chunk(layout.Count).Select(anchor => Array.ConvertAll(anchor, value => checked((short)value)))],
            Array.ConvertAll(scales, value => checked((sbyte)value)));
    }
}
