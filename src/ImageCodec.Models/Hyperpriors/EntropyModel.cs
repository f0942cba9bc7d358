using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// A mean-scale hyperprior (Minnen et al., 2018) with gains for all rates and a context of channels and positions (He et al., 2022): the latent, times a gain for
/// each channel that depends on the rate, is summed up in a hyper-latent, from which come entropy parameters for every place; from them, and from the
/// values coded before, come the mean and the scale of each value.
/// </summary>
internal sealed class EntropyModel
{
    private const int ParameterChannels = 192;

    /// <summary>The channel groups, but for the last one, which is what is left.</summary>
    private static readonly int[] FirstGroups = [32, 64];

    /// <summary>Makes the layers for a latent of so many channels.</summary>
    public EntropyModel(int latentChannels)
    {
        LatentChannels = latentChannels;
        Gains = new RateGains(latentChannels);
        HyperLatent = new HyperLatent(latentChannels, ParameterChannels);
        Groups = [.. CreateGroups(latentChannels)];
    }

    public int LatentChannels { get; }

    public RateGains Gains { get; }

    public HyperLatent HyperLatent { get; }

    /// <summary>The latent's channels in the order in which they are coded.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>What the latent's and the hyper-latent's values are coded with; normal distributions unless others were fitted.</summary>
    public HyperpriorTables Tables { get; set; } = HyperpriorTables.Normal;

    /// <summary>All parameters by their names in weights files.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. HyperLatent.Analysis.Parameters.Select(p => ($"hyper_analysis.{p.Name}", p.Parameter)),
        .. HyperLatent.Synthesis.Parameters.Select(p => ($"hyper_synthesis.{p.Name}", p.Parameter)),
        .. Groups.SelectMany((group, index) => group.Parameters.Select(p => ($"slices.{index}.{p.Name}", p.Parameter))),
        .. Gains.Parameters.Append(HyperLatent.Means).Append(HyperLatent.LogScales).Select(p => (p.Name, p)),
    ];

    /// <summary>Every convolution.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions =>
        [.. HyperLatent.Analysis.Convolutions(), .. HyperLatent.Synthesis.Convolutions(), .. Groups.SelectMany(group => group.Convolutions)];

    /// <summary>Walks through a latent in its coding order; see <see cref="CodingOrder.Walk"/>.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="hyperLatent">The hyper-latent as the decoder sees it.</param>
    public IEnumerable<CodingStep> Walk(ComputeScope scope, Tensor hyperLatent) =>
        CodingOrder.Walk(scope, Groups, HyperLatent.Synthesis.Forward(scope, hyperLatent));

    /// <summary>Multiply-accumulate operations that predict a whole latent: what encoder and decoder both do.</summary>
    /// <param name="latent">The latent's shape, whole places of the hyper-latent.</param>
    public long CountPredictionOperations(TensorShape latent)
    {
        TensorShape parameters = latent with { Channels = ParameterChannels };
        return HyperLatent.Synthesis.CountOperations(HyperLatent.Analysis.OutputShape(latent)) + Groups.Sum(group => group.CountOperations(parameters));
    }

    /// <summary>
    /// Sets what training begins with, on convolutions that have their random weights: distributions that are wide and nearly the same everywhere, as a value far
    /// out in a narrow one would cost thousands of bits.
    /// </summary>
    public void Initialize()
    {
        Gains.Initialize();
        HyperLatent.Means.Values.Clear();
        HyperLatent.LogScales.Values.Clear();
        ScaleLast(HyperLatent.Analysis, 0.05f);
        foreach (ChannelGroup group in Groups)
        {
            ScaleLast(group.Head, 0.1f);
            Parameter bias = group.Head.Parameters.Last().Parameter;
            bias.Values[group.Channels..].Fill(1.5f);
            bias.Changed();
        }
    }

    private static IEnumerable<ChannelGroup> CreateGroups(int latentChannels)
    {
        int first = 0;
        int previous = 0;
        foreach (int channels in FirstGroups.Append(latentChannels - FirstGroups.Sum()))
        {
            yield return new ChannelGroup(first, channels, previous, ParameterChannels);
            (first, previous) = (first + channels, channels);
        }
    }

    /// <summary>Scales the weights of a network's last layer.</summary>
    private static void ScaleLast(Sequential network, float factor)
    {
        Parameter weight = network.Parameters.Last(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).Parameter;
        foreach (ref float value in weight.Values)
        {
            value *= factor;
        }

        weight.Changed();
    }
}
