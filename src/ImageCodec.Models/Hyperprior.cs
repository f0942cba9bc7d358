using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// A mean-scale hyperprior (Ballé et al., 2018; Minnen et al., 2018) with gains for all rates (Cui et al., 2021) and a checkerboard context
/// (He et al., 2021): the latent, times a gain for each channel that depends on the rate, is summed up in a hyper-latent, from which come the mean
/// and the scale of every value; those of every second place are predicted once more when the others are known.
/// </summary>
internal sealed class Hyperprior
{
    /// <summary>Rates for which gains are learned; those between are interpolated.</summary>
    public const int AnchorCount = 8;

    /// <summary>Latent places for one place of the hyper-latent, each way.</summary>
    public const int Stride = 4;

    /// <summary>λ of the lowest rate: the price of distortion in bits per pixel for a squared error of one 8-bit level.</summary>
    private const double LowestLambda = 0.0006;

    /// <summary>From each anchor to the next.</summary>
    private const double LambdaRatio = 2.15;

    private const int Inner = 128;
    private const int HyperChannels = 64;
    private const int FeatureChannels = 256;

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
        Context = ConvolutionLayer.Convolve(latentChannels, FeatureChannels, 3, 1, 1, Activation.None);
        Head = new Sequential(
            ("0", ConvolutionLayer.Convolve(FeatureChannels, FeatureChannels, 1, 1, 0, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(FeatureChannels, 2 * latentChannels, 1, 1, 0, Activation.None)));
        LogGains = new Parameter("log_gains", ParameterLayout.Matrix(AnchorCount, latentChannels));
        LogInverseGains = new Parameter("log_inverse_gains", ParameterLayout.Matrix(AnchorCount, latentChannels));
        PriorMeans = new Parameter("prior.means", ParameterLayout.Vector(HyperChannels));
        PriorLogScales = new Parameter("prior.log_scales", ParameterLayout.Vector(HyperChannels));
    }

    public int LatentChannels { get; }

    /// <summary>Latent, times gains, to hyper-latent.</summary>
    public Sequential Analysis { get; }

    /// <summary>Hyper-latent to features at the latent's places.</summary>
    public Sequential Synthesis { get; }

    /// <summary>Values of the first half of the places to what they add to the features of the other half.</summary>
    public ConvolutionLayer Context { get; }

    /// <summary>Features to the latent's means, then the logarithms of its scales.</summary>
    public Sequential Head { get; }

    /// <summary>[anchor, channel], natural logarithms.</summary>
    public Parameter LogGains { get; }

    /// <summary>[anchor, channel], natural logarithms of what decoded values are multiplied by.</summary>
    public Parameter LogInverseGains { get; }

    /// <summary>The mean of each channel of the hyper-latent.</summary>
    public Parameter PriorMeans { get; }

    /// <summary>The logarithm of the scale of each channel of the hyper-latent.</summary>
    public Parameter PriorLogScales { get; }

    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. Analysis.Parameters.Select(p => ($"hyper_analysis.{p.Name}", p.Parameter)),
        .. Synthesis.Parameters.Select(p => ($"hyper_synthesis.{p.Name}", p.Parameter)),
        .. Context.Parameters.Select(p => ($"context.{p.Name}", p.Parameter)),
        .. Head.Parameters.Select(p => ($"head.{p.Name}", p.Parameter)),
        .. new[] { LogGains, LogInverseGains, PriorMeans, PriorLogScales }.Select(p => (p.Name, p)),
    ];

    /// <summary>Features that also know the first half of the latent.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="features">What <see cref="Synthesis"/> gave.</param>
    /// <param name="firstHalf">The latent, zero where it is not known yet.</param>
    public Tensor AddContext(ComputeScope scope, Tensor features, Tensor firstHalf)
    {
        Tensor sum = Context.Forward(scope, firstHalf);
        Gradients.Add(scope, sum, features);
        scope.Record(() => Gradients.Add(scope, scope.GradientOf(features), sum.Gradient!));
        return sum;
    }

    /// <summary>λ at a rate between the anchors.</summary>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    public static double Lambda(double rate) => LowestLambda * Math.Pow(LambdaRatio, rate);

    /// <summary>The shape of a latent filled up to whole places of the hyper-latent.</summary>
    public static TensorShape Padded(TensorShape latent) => new(RoundUp(latent.Height), RoundUp(latent.Width), latent.Channels);

    /// <summary>The logarithm of a channel's gain at a rate, interpolated between anchors.</summary>
    /// <param name="logGains">Either kind of gains.</param>
    /// <param name="rate">0 … <see cref="AnchorCount"/> − 1.</param>
    /// <param name="channel">The channel.</param>
    public float LogGain(Parameter logGains, float rate, int channel)
    {
        (int anchor, float part) = Anchor(rate);
        ReadOnlySpan<float> values = logGains.Values;
        float lower = values[anchor * LatentChannels + channel];
        float upper = values[(anchor + 1) * LatentChannels + channel];
        return lower + part * (upper - lower);
    }

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
            float gain = (float)(0.5 * Math.Log(LambdaRatio) * (anchor - (AnchorCount - 1) / 2.0));
            LogGains.Values.Slice(anchor * LatentChannels, LatentChannels).Fill(gain);
            LogInverseGains.Values.Slice(anchor * LatentChannels, LatentChannels).Fill(-gain);
        }

        PriorMeans.Values.Clear();
        PriorLogScales.Values.Clear();

        // Distributions begin wide and nearly the same everywhere: a value far out in a narrow one would cost thousands of bits.
        Scale(Analysis, 0.05f);
        Scale(Head, 0.1f);
        Parameter bias = Head.Parameters.Last().Parameter;
        bias.Values[LatentChannels..].Fill(1.5f);
        bias.Changed();
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
