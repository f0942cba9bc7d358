using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.Training;

namespace ImageCodec.Models.Tests;

/// <summary>The parts of a hyperprior model that are held against PyTorch's: all that those tests know of its insides.</summary>
internal sealed class HyperpriorParts : IDisposable
{
    private readonly Hyperprior _hyperprior;

    public HyperpriorParts()
    {
        Model = ModelFactory.CreateHyperprior();
        _hyperprior = Model.Network.Hyperprior!;
    }

    public Autoencoder Model { get; }

    public Layer Analysis => Model.Network.Encoder;

    public Layer Synthesis => Model.Network.Decoder;

    public Layer HyperAnalysis => _hyperprior.Analysis;

    public Layer HyperSynthesis => _hyperprior.Synthesis;

    /// <summary>What a group's entropy parameters are computed from at all places: features, and the context of the group before, unless it is the first.</summary>
    public Tensor AddChannelContext(ComputeScope scope, int group, Tensor features, Tensor? previous) =>
        previous is null ? features : HyperpriorSlice.AddContext(scope, _hyperprior.Slices[group].Previous!, features, previous);

    /// <summary>Entropy parameters as the codec computes them: of half of the places, as a map of half the width.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="group">The group of channels.</param>
    /// <param name="features">With the channels' context.</param>
    /// <param name="anchors">The group's values at anchor positions, zero elsewhere; they count for the others only.</param>
    /// <param name="half">0 for the anchor positions, 1 for the others.</param>
    public Tensor PredictHalf(ComputeScope scope, int group, Tensor features, Tensor anchors, int half) =>
        _hyperprior.Slices[group].Predict(scope, features, anchors, half);

    /// <summary>Entropy parameters as training computes them: of all places.</summary>
    public Tensor PredictAll(ComputeScope scope, int group, Tensor features, Tensor anchors, int half)
    {
        HyperpriorSlice slice = _hyperprior.Slices[group];
        return slice.Head.Forward(scope, half == 0 ? features : HyperpriorSlice.AddContext(scope, slice.Neighbours, features, anchors));
    }

    /// <summary>A training step's loss, with gradients in the parameters.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="pictures">The batch.</param>
    /// <param name="random">For each picture, where its rate and then its noise come from.</param>
    public (double MeanSquaredError, double BitsPerPixel, double Loss) RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random)
    {
        StepResult result = HyperpriorLoss.Run(scope, Model, pictures, random, pictures.Count);
        return (result.MeanSquaredError, result.BitsPerPixel, result.Loss);
    }

    public static float DrawRate(RandomSource random) => HyperpriorLoss.DrawRate(random);

    /// <summary>What each picture counts in the loss.</summary>
    public static double[] Weights(float[] rates, ReadOnlySpan<float> pictures, int width) => HyperpriorLoss.Weights(rates, pictures, width);

    public void Dispose() => Model.Dispose();
}
