using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

/// <summary>The parts of a hyperprior model that are held against PyTorch's: all that those tests know of its insides.</summary>
internal sealed class HyperpriorParts : IDisposable
{
    private readonly Autoencoder _model = ModelFactory.CreateHyperprior();
    private readonly HyperpriorNetwork _network;

    public HyperpriorParts() => _network = (HyperpriorNetwork)_model.Network;

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => _network.Parameters;

    public Workspace Workspace => _model.Workspace;

    public Layer Analysis => _network.Encoder;

    public Layer Synthesis => _network.Decoder;

    public Layer HyperAnalysis => _network.EntropyModel.HyperLatent.Analysis;

    public Layer HyperSynthesis => _network.EntropyModel.HyperLatent.Synthesis;

    /// <summary>A group's entropy parameters, which also know the group before.</summary>
    public Tensor AddChannelContext(ComputeScope scope, int group, Tensor parameters, Tensor previous) =>
        ChannelGroup.AddContext(scope, _network.EntropyModel.Groups[group].ChannelContext!, parameters, previous);

    /// <summary>Means and scales of a group's values: of half of the places, as a map of half the width; or, if the run records, of all.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="group">The group of channels.</param>
    /// <param name="parameters">Its entropy parameters.</param>
    /// <param name="anchors">The group's values at anchor positions, zero elsewhere; they count for the others only.</param>
    /// <param name="areAnchors">Whether anchor positions are predicted, or the others.</param>
    public Tensor Predict(ComputeScope scope, int group, Tensor parameters, Tensor anchors, bool areAnchors) =>
        _network.EntropyModel.Groups[group].Predict(scope, parameters, areAnchors ? Positions.Anchor : Positions.NonAnchor, anchors).Tensor;

    /// <summary>A training step's loss, with gradients in the parameters.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="random">For each picture, where its rate and then its noise come from.</param>
    public StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random) =>
        _network.RunLoss(scope, pictures, random, LossOptions.Usual with { BatchCount = pictures.Count });

    public static float DrawRate(RandomSource random) => HyperpriorLoss.DrawRate(random);

    /// <summary>What each picture counts in the loss.</summary>
    public static double[] Weights(float[] rates, ReadOnlySpan<float> pictures, int width) => HyperpriorLoss.Weights(rates, pictures, width);

    public void Dispose() => _model.Dispose();
}
