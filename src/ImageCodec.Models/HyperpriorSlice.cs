using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// Channels of the latent that are coded together, after those of the slices before (Minnen and Singh, 2020) and in two halves like the fields of a
/// checkerboard, the second of which knows the first (He et al., 2021).
/// </summary>
internal sealed class HyperpriorSlice
{
    private readonly int _previousChannels;

    /// <summary>Makes the layers.</summary>
    /// <param name="firstChannel">The first of its channels.</param>
    /// <param name="channels">How many it has.</param>
    /// <param name="previousChannels">How many the slice before has, 0 for the first slice.</param>
    /// <param name="features">Channels of the features that predictions are made of.</param>
    public HyperpriorSlice(int firstChannel, int channels, int previousChannels, int features)
    {
        _previousChannels = previousChannels;
        FirstChannel = firstChannel;
        Channels = channels;
        Previous = previousChannels == 0 ? null : ConvolutionLayer.Convolve(previousChannels, features, 3, 1, 1, Activation.None);
        Neighbours = ConvolutionLayer.Convolve(channels, features, 3, 1, 1, Activation.None);
        Head = new Sequential(
            ("0", ConvolutionLayer.Convolve(features, features, 1, 1, 0, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(features, 2 * channels, 1, 1, 0, Activation.None)));
    }

    public int FirstChannel { get; }

    public int Channels { get; }

    /// <summary>The slice before to what it adds to the features, for this slice and those after it; null in the first one.</summary>
    public ConvolutionLayer? Previous { get; }

    /// <summary>The slice's first half to what it adds to the features for the other half.</summary>
    public ConvolutionLayer Neighbours { get; }

    /// <summary>Features to the means of the slice's channels, then the logarithms of their scales.</summary>
    public Sequential Head { get; }

    /// <summary>Every convolution of the slice.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions =>
        [.. Previous is null ? [] : new[] { Previous }, Neighbours, .. Head.Layers.OfType<ConvolutionLayer>()];

    /// <summary>Multiply-accumulate operations that predict both halves.</summary>
    /// <param name="features">The shape of the features.</param>
    public long CountOperations(TensorShape features) =>
        (Previous?.CountOperations(features with { Channels = _previousChannels }) ?? 0)
        + Neighbours.CountOperations(features with { Channels = Channels }) / 2
        + Head.CountOperations(features);

    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. Previous is null ? [] : Previous.Parameters.Select(p => ($"previous.{p.Name}", p.Parameter)),
        .. Neighbours.Parameters.Select(p => ($"neighbours.{p.Name}", p.Parameter)),
        .. Head.Parameters.Select(p => ($"head.{p.Name}", p.Parameter)),
    ];

    /// <summary>Predicts the places of one half.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="features">The slice's features at all places.</param>
    /// <param name="known">The slice as far as it is known: the first half, for the second one.</param>
    /// <param name="half">0 or 1.</param>
    /// <returns>What <see cref="Head"/> gives, a map of half the width: place j of a row is its column 2 j or 2 j + 1.</returns>
    public unsafe Tensor Predict(ComputeScope scope, Tensor features, Tensor known, int half)
    {
        Tensor at = half == 0
            ? scope.CreateZero(features.Count, features.Shape with { Width = features.Width / 2 })
            : Neighbours.ForwardHalf(scope, known, half);
        scope.ForRanges(at.Count * at.Height, at.Width * at.Channels / 8.0, (first, last) =>
        {
            for (int row = first; row < last; row++)
            {
                for (int place = 0; place < at.Width; place++)
                {
                    int column = 2 * place + ((row % at.Height + half) & 1);
                    ElementwiseSum.AddTo(
                        new Span<float>(at.Data + ((nint)row * at.Width + place) * at.Channels, at.Channels),
                        new ReadOnlySpan<float>(features.Data + ((nint)row * features.Width + column) * features.Channels, features.Channels));
                }
            }
        });
        Tensor predictions = Head.Forward(scope, at);
        scope.Release(at);
        return predictions;
    }

    /// <summary>Features that also know what a convolution makes of values coded before.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="context"><see cref="Previous"/> or <see cref="Neighbours"/>.</param>
    /// <param name="features">The features so far.</param>
    /// <param name="known">What the convolution reads, zero where it is not known yet.</param>
    public static Tensor AddContext(ComputeScope scope, ConvolutionLayer context, Tensor features, Tensor known)
    {
        Tensor sum = context.Forward(scope, known);
        ElementwiseSum.Add(scope, sum, features);
        scope.Record(() => ElementwiseSum.Add(scope, scope.GradientOf(features), sum.Gradient!));
        return sum;
    }
}
