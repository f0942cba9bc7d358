using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Channels of the latent that are coded together, after those of the groups before (Minnen and Singh, 2020; few first and many last as in ELIC, He et
/// al., 2022): at anchor positions first, then at the others, which know the anchors.
/// </summary>
internal sealed class ChannelGroup
{
    private readonly int _previousChannels;

    /// <summary>Makes the layers.</summary>
    /// <param name="firstChannel">The first of its channels.</param>
    /// <param name="channels">How many it has.</param>
    /// <param name="previousChannels">How many the group before has, 0 for the first group.</param>
    /// <param name="parameterChannels">Channels of the entropy parameters.</param>
    public ChannelGroup(int firstChannel, int channels, int previousChannels, int parameterChannels)
    {
        _previousChannels = previousChannels;
        FirstChannel = firstChannel;
        Channels = channels;
        ChannelContext = previousChannels == 0 ? null : ConvolutionLayer.Convolve(previousChannels, parameterChannels, 3, 1, 1, Activation.None);
        SpatialContext = ConvolutionLayer.Convolve(channels, parameterChannels, 3, 1, 1, Activation.None);
        Head = new Sequential(
            ("0", ConvolutionLayer.Convolve(parameterChannels, parameterChannels, 1, 1, 0, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(parameterChannels, 2 * channels, 1, 1, 0, Activation.None)));
    }

    public int FirstChannel { get; }

    public int Channels { get; }

    /// <summary>The group before to what it adds to the entropy parameters, for this group and those after it; null in the first one.</summary>
    public ConvolutionLayer? ChannelContext { get; }

    /// <summary>The group's anchors to what they add to the entropy parameters of its other positions.</summary>
    public ConvolutionLayer SpatialContext { get; }

    /// <summary>Entropy parameters to the means of the group's channels, then the logarithms of their scales.</summary>
    public Sequential Head { get; }

    /// <summary>Every convolution of the group.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions =>
        [.. ChannelContext is null ? [] : new[] { ChannelContext }, SpatialContext, .. Head.Convolutions()];

    /// <summary>The parameters by their names in weights files, which are older than the names here.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
    [
        .. ChannelContext is null ? [] : ChannelContext.Parameters.Select(p => ($"previous.{p.Name}", p.Parameter)),
        .. SpatialContext.Parameters.Select(p => ($"neighbours.{p.Name}", p.Parameter)),
        .. Head.Parameters.Select(p => ($"head.{p.Name}", p.Parameter)),
    ];

    /// <summary>Multiply-accumulate operations that predict all positions.</summary>
    /// <param name="parameters">The shape of the entropy parameters.</param>
    public long CountOperations(TensorShape parameters) =>
        (ChannelContext?.CountOperations(parameters with { Channels = _previousChannels }) ?? 0)
        + SpatialContext.CountOperations(parameters with { Channels = Channels }) / 2
        + Head.CountOperations(parameters);

    /// <summary>Entropy parameters that also know what a context makes of values coded before.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="context"><see cref="ChannelContext"/> or <see cref="SpatialContext"/>.</param>
    /// <param name="parameters">The entropy parameters so far.</param>
    /// <param name="coded">What the context reads, zero where it is not known yet.</param>
    public static Tensor AddContext(ComputeScope scope, ConvolutionLayer context, Tensor parameters, Tensor coded)
    {
        Tensor sum = context.Forward(scope, coded);
        ElementwiseSum.Add(scope, sum, parameters);
        scope.Record(() => ElementwiseSum.Add(scope, scope.GradientOf(parameters), sum.Gradient!));
        return sum;
    }

    /// <summary>Predicts values.</summary>
    /// <param name="scope">The run. One that records predicts all places, so that gradients find their way; any other just those asked for.</param>
    /// <param name="parameters">The group's entropy parameters at all places.</param>
    /// <param name="positions">Which positions.</param>
    /// <param name="anchors">For non-anchor positions, the group with its anchors known and zeros elsewhere.</param>
    public Prediction Predict(ComputeScope scope, Tensor parameters, Positions positions, Tensor anchors)
    {
        if (!scope.IsRecording)
        {
            Tensor half = TakeHalf(scope, parameters, positions, anchors);
            Tensor predicted = Head.Forward(scope, half);
            scope.Release(half);
            return new Prediction(predicted, Channels, isHalfWidth: true);
        }

        Tensor informed = positions == Positions.Anchor ? parameters : AddContext(scope, SpatialContext, parameters, anchors);
        return new Prediction(Head.Forward(scope, informed), Channels, isHalfWidth: false);
    }

    /// <summary>The entropy parameters of some positions with all they know, side by side: a map of half the width.</summary>
    private unsafe Tensor TakeHalf(ComputeScope scope, Tensor parameters, Positions positions, Tensor anchors)
    {
        Tensor half = positions == Positions.Anchor
            ? scope.CreateZero(parameters.Count, parameters.Shape with { Width = parameters.Width / 2 })
            : SpatialContext.ForwardHalf(scope, anchors, (int)positions);
        scope.ForRanges(half.Count * half.Height, half.Width * half.Channels / 8.0, (first, last) =>
        {
            for (int row = first; row < last; row++)
            {
                int firstColumn = Checkerboard.FirstColumn(positions, row % half.Height);
                for (int place = 0; place < half.Width; place++)
                {
                    ElementwiseSum.AddTo(
                        new Span<float>(half.Data + ((nint)row * half.Width + place) * half.Channels, half.Channels),
                        new ReadOnlySpan<float>(
                            parameters.Data + ((nint)row * parameters.Width + 2 * place + firstColumn) * parameters.Channels, parameters.Channels));
                }
            }
        });
        return half;
    }
}
