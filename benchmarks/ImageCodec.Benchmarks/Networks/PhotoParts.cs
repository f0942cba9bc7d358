using ImageCodec.Models;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>The default model in parts, with the shapes that they have for a picture of 768×512: all that the reports know of its insides.</summary>
internal sealed class PhotoParts : IDisposable
{
    private static readonly TensorShape Picture = new(512, 768, 3);

    private readonly Autoencoder _model = PretrainedModel.All.Single(model => model.Name == PretrainedModel.DefaultName).LoadModel();

    public PhotoParts()
    {
        HyperpriorNetwork network = (HyperpriorNetwork)_model.Network;
        EntropyModel entropyModel = network.EntropyModel;
        TensorShape latent = network.Encoder.OutputShape(Picture);
        TensorShape hyperLatent = entropyModel.HyperLatent.Analysis.OutputShape(latent);
        TensorShape parameters = entropyModel.HyperLatent.Synthesis.OutputShape(hyperLatent);
        List<PhotoTransform> transforms =
        [
            new("analysis", Picture, network.Encoder),
            new("synthesis", latent, network.Decoder),
            new("hyper-analysis", latent, entropyModel.HyperLatent.Analysis),
            new("hyper-synthesis", hyperLatent, entropyModel.HyperLatent.Synthesis),
        ];
        for (int i = 0; i < entropyModel.Groups.Count; i++)
        {
            ChannelGroup group = entropyModel.Groups[i];
            if (group.ChannelContext is { } channelContext)
            {
                transforms.Add(new PhotoTransform($"channel-context-{i}", latent with { Channels = entropyModel.Groups[i - 1].Channels }, channelContext));
            }

            // The codec predicts half of the places at a time, side by side.
            transforms.Add(new PhotoTransform($"spatial-context-{i}", latent with { Channels = group.Channels }, group.SpatialContext, IsForHalf: true));
            transforms.Add(new PhotoTransform($"head-{i}", parameters with { Width = parameters.Width / 2 }, group.Head));
        }

        Transforms = transforms;
    }

    public Network Network => _model.Network;

    public Workspace Workspace => _model.Workspace;

    /// <summary>The transforms in the order of coding, synthesis apart.</summary>
    public IReadOnlyList<PhotoTransform> Transforms { get; }

    /// <summary>Every convolution, with the shape that it reads.</summary>
    public IEnumerable<LayerCase> Layers =>
        from transform in Transforms
        from item in Walk(transform.Layer, transform.Input)
        select new LayerCase(
            $"{transform.Name}: {Describe(item.Layer, transform.IsForHalf)}, {(item.Layer.IsTransposed || item.Layer.Geometry.Stride > 1 ? "to " : "")}" +
            $"{item.Layer.OutputShape(item.Input).Width}×{item.Layer.OutputShape(item.Input).Height}",
            item.Layer,
            item.Input,
            IsFirst: item.Input == Picture,
            IsForHalf: transform.IsForHalf,
            Counts: [1]);

    public void Dispose() => _model.Dispose();

    private static IEnumerable<(ConvolutionLayer Layer, TensorShape Input)> Walk(Layer layer, TensorShape input)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution:
                return [(convolution, input)];
            case ResidualBlock block:
                return Walk(block.Inner, input);
            case Sequential sequential:
                List<(ConvolutionLayer, TensorShape)> found = [];
                foreach (Layer inner in sequential.Layers)
                {
                    found.AddRange(Walk(inner, input));
                    input = inner.OutputShape(input);
                }

                return found;
            default:
                return [];
        }
    }

    private static string Describe(ConvolutionLayer layer, bool isForHalf)
    {
        (int inputs, int outputs) = layer.IsTransposed ? (layer.Geometry.Outputs, layer.Geometry.Inputs) : (layer.Geometry.Inputs, layer.Geometry.Outputs);
        string kind = layer.IsTransposed ? "transposed" : isForHalf ? "conv for half of the places" : "conv";
        return $"{kind} {inputs}→{outputs} k{layer.Geometry.Kernel} s{layer.Geometry.Stride}";
    }
}
