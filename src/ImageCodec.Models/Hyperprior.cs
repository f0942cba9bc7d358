using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models;

/// <summary>
/// A mean-scale hyperprior (Ballé et al., 2018; Minnen et al., 2018) with gains for all rates (Cui et al., 2021) and a context of channels and
/// places (He et al., 2022): the latent, times a gain for each channel that depends on the rate, is summed up in a hyper-latent, from which
/// come features of every place; from them, and from the values coded before, come the mean and the scale of each value.
/// </summary>
internal sealed class Hyperprior
{
    /// <summary>Rates for which gains are learned; those between are interpolated.</summary>
    public const int AnchorCount = 8;

    /// <summary>Latent places for one place of the hyper-latent, each way.</summary>
    public const int Stride = 4;

    /// <summary>λ of the lowest rate: the price of distortion in bits per pixel for a squared error of one 8-bit level.</summary>
    private const double LowestLambda = 0.0002;

    /// <summary>From each anchor to the next.</summary>
    private const double LambdaRatio = 2.514;

    /// <summary>The step of the middle rate in values of [0, 1]: about where training takes it.</summary>
    private const double MiddleStep = 0.29;

    private const int Inner = 128;
    private const int HyperChannels = 64;
    private const int FeatureChannels = 192;

    /// <summary>The parts of the latent's channels that are coded one after another, the last one being what is left.</summary>
    private static readonly int[] FirstSlices = [32, 64];

    /// <summary>Makes the layers for a latent of so many channels.</summary>
    public Hyperprior(int latentChannels)
    {
        LatentChannels = latentChannels;
        Analysis = new Sequential(
            ("0", ConvolutionLayer.Convolve(latentChannels, Inner, 3, 1, 1, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(Inner, Inner, 3, 2, 1, Activation.Relu)),
            ("4", ConvolutionLayer.Convolve(Inner, HyperChannels, 3, 2, 1, Activation.None)));
        Synthesis = new Sequential(
            ("0", ConvolutionLayer.Transpose(HyperChannels, Inner, 4, 2, 1, 0, Activation.Relu)),
            ("2", ConvolutionLayer.Transpose(Inner, FeatureChannels, 4, 2, 1, 0, Activation.None)));
        Slices = [.. CreateSlices(latentChannels)];
        LogGains = new Parameter("log_gains", ParameterLayout.Matrix(AnchorCount, latentChannels));
        LogInverseGains = new Parameter("log_inverse_gains", ParameterLayout.Matrix(AnchorCount, latentChannels));
        Offsets = new Parameter("offsets", ParameterLayout.Matrix(AnchorCount, latentChannels));
        PriorMeans = new Parameter("prior.means", ParameterLayout.Vector(HyperChannels));
        PriorLogScales = new Parameter("prior.log_scales", ParameterLayout.Vector(HyperChannels));
    }

    public int LatentChannels { get; }

    /// <summary>Latent, times gains, to hyper-latent.</summary>
    public Sequential Analysis { get; }

    /// <summary>Hyper-latent to features at the latent's places.</summary>
    public Sequential Synthesis { get; }

    /// <summary>The latent's channels in the order in which they are coded.</summary>
    public IReadOnlyList<HyperpriorSlice> Slices { get; }

    /// <summary>[anchor, channel], natural logarithms.</summary>
    public Parameter LogGains { get; }

    /// <summary>[anchor, channel], natural logarithms of what decoded values are multiplied by.</summary>
    public Parameter LogInverseGains { get; }

    /// <summary>[anchor, channel], what is added to decoded values once they are multiplied: so the decoder knows at what rate they were coded.</summary>
    public Parameter Offsets { get; }

    /// <summary>The mean of each channel of the hyper-latent.</summary>
    public Parameter PriorMeans { get; }

    /// <summary>The logarithm of the scale of each channel of the hyper-latent.</summary>
    public Parameter PriorLogScales { get; }

    /// <summary>What the latent's and the hyper-latent's values are coded with; normal distributions unless others were fitted.</summary>
    public HyperpriorTables Tables { get; set; } = HyperpriorTables.Normal;

    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. Analysis.Parameters.Select(p => ($"hyper_analysis.{p.Name}", p.Parameter)),
        .. Synthesis.Parameters.Select(p => ($"hyper_synthesis.{p.Name}", p.Parameter)),
        .. Slices.SelectMany((slice, index) => slice.Parameters.Select(p => ($"slices.{index}.{p.Name}", p.Parameter))),
        .. new[] { LogGains, LogInverseGains, Offsets, PriorMeans, PriorLogScales }.Select(p => (p.Name, p)),
    ];

    /// <summary>Every convolution.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions =>
        [.. Architecture.Flatten(Analysis), .. Architecture.Flatten(Synthesis), .. Slices.SelectMany(slice => slice.Convolutions)];

    /// <summary>Multiply-accumulate operations that predict a whole latent: what encoder and decoder both do.</summary>
    /// <param name="latent">The latent's shape, whole places of the hyper-latent.</param>
    public long CountPredictionOperations(TensorShape latent)
    {
        TensorShape features = latent with { Channels = FeatureChannels };
        return Synthesis.CountOperations(Analysis.OutputShape(latent)) + Slices.Sum(slice => slice.CountOperations(features));
    }

    /// <summary>λ at a rate between the anchors.</summary>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    public static double Lambda(double rate) => LowestLambda * Math.Pow(LambdaRatio, rate);

    /// <summary>The shape of a latent filled up to whole places of the hyper-latent.</summary>
    public static TensorShape Padded(TensorShape latent) => new(RoundUp(latent.Height), RoundUp(latent.Width), latent.Channels);

    /// <summary>The channels' values at a rate, interpolated between anchors; the same on every machine.</summary>
    /// <param name="table">One of <see cref="LogGains"/>, <see cref="LogInverseGains"/> and <see cref="Offsets"/>.</param>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    public float[] At(Parameter table, float rate)
    {
        (int anchor, float part) = Anchor(rate);
        ReadOnlySpan<float> lower = table.Values.Slice(anchor * LatentChannels, LatentChannels);
        ReadOnlySpan<float> upper = table.Values.Slice((anchor + 1) * LatentChannels, LatentChannels);
        float[] values = new float[LatentChannels];
        for (int channel = 0; channel < values.Length; channel++)
        {
            values[channel] = lower[channel] + part * (upper[channel] - lower[channel]);
        }

        return values;
    }

    /// <summary>What each channel is multiplied by at a rate; the same on every machine.</summary>
    /// <param name="logGains">Either kind of gains.</param>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    public float[] Gains(Parameter logGains, float rate)
    {
        float[] gains = At(logGains, rate);
        foreach (ref float gain in gains.AsSpan())
        {
            gain = (float)DeterministicMath.Exp(Math.Clamp(gain, -30f, 30f));
        }

        return gains;
    }

    /// <summary>What turns values as they are coded at a rate into a latent; the same on every machine.</summary>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    public Restoration Restoration(float rate) => new(Gains(LogInverseGains, rate), At(Offsets, rate));

    /// <summary>The anchor below a rate, and how far it is to the next one.</summary>
    public static (int Anchor, float Part) Anchor(float rate)
    {
        int anchor = Math.Min((int)rate, AnchorCount - 2);
        return (anchor, rate - anchor);
    }

    /// <summary>
    /// Sets what training begins with: gains so that the step rises as the optimal one does with 1 / √λ, and wide distributions.
    /// </summary>
    public void Start()
    {
        for (int anchor = 0; anchor < AnchorCount; anchor++)
        {
            float gain = (float)(0.5 * Math.Log(LambdaRatio) * (anchor - (AnchorCount - 1) / 2.0) - Math.Log(MiddleStep));
            LogGains.Values.Slice(anchor * LatentChannels, LatentChannels).Fill(gain);
            LogInverseGains.Values.Slice(anchor * LatentChannels, LatentChannels).Fill(-gain);
        }

        Offsets.Values.Clear();
        PriorMeans.Values.Clear();
        PriorLogScales.Values.Clear();

        // Distributions begin wide and nearly the same everywhere: a value far out in a narrow one would cost thousands of bits.
        Scale(Analysis, 0.05f);
        foreach (HyperpriorSlice slice in Slices)
        {
            Scale(slice.Head, 0.1f);
            Parameter bias = slice.Head.Parameters.Last().Parameter;
            bias.Values[slice.Channels..].Fill(1.5f);
            bias.Changed();
        }
    }

    private static IEnumerable<HyperpriorSlice> CreateSlices(int latentChannels)
    {
        int first = 0;
        int previous = 0;
        foreach (int channels in FirstSlices.Append(latentChannels - FirstSlices.Sum()))
        {
            yield return new HyperpriorSlice(first, channels, previous, FeatureChannels);
            (first, previous) = (first + channels, channels);
        }
    }

    private static void Scale(Sequential network, float factor)
    {
        Parameter weight = network.Parameters.Last(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).Parameter;
        foreach (ref float value in weight.Values)
        {
            value *= factor;
        }

        weight.Changed();
    }

    private static int RoundUp(int side) => checked((side + Stride - 1) / Stride * Stride);
}
