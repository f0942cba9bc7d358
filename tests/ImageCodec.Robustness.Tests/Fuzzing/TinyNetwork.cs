using ImageCodec.Entropy;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>A family of its own, of a few hundred weights.</summary>
internal sealed class TinyNetwork() : Network(
    "tiny",
    new Sequential(
        ("encoder.0", ConvolutionLayer.Convolve(3, 4, 3, 2, 1, Activation.Relu)),
        ("encoder.1", ConvolutionLayer.Convolve(4, Channels, 3, 2, 1, Activation.Relu))),
    new Sequential(
        ("decoder.0", ConvolutionLayer.Transpose(Channels, 4, 3, 2, 1, 1, Activation.Relu)),
        ("decoder.1", ConvolutionLayer.Transpose(4, 3, 3, 2, 1, 1, Activation.Sigmoid))),
    4,
    Channels)
{
    private const int Channels = 3;

    public override void Initialize(RandomSource random)
    {
        foreach (ConvolutionLayer layer in Convolutions)
        {
            Initialization.FanIn(layer, random);
        }
    }

    public override LatentCoding CreateLatentCoding(ModelCard card, Workspace workspace, int maxThreads) =>
        new(new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance));

    public override string DescribeLatentCodec(ModelCard card) => "tiny";

    public override StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random, LossOptions options) =>
        throw new NotSupportedException("This network is not trained.");

    public override IReadOnlyList<ValidationLevel> ValidationLevels(LossOptions options) => [];
}
