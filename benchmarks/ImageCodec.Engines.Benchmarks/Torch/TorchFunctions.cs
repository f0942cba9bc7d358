using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.TorchSharp;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Activation = ImageCodec.NeuralNetworks.Layers.Activation;
using Sequential = ImageCodec.NeuralNetworks.Layers.Sequential;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>
/// Layers as functions of libtorch that do no more than they must: weights in their order beforehand, activations in place, maps freed as soon
/// as nothing needs them. The library's own modules, which are for training, put weights in order at each call.
/// </summary>
/// <param name="isChannelsLast">Whether channels lie side by side, or in planes.</param>
/// <param name="isPadded">Whether convolutions are given channels of zeros up to a multiple that libtorch gets right on all processors.</param>
internal sealed class TorchFunctions(bool isChannelsLast, bool isPadded) : IDisposable
{
    private readonly List<Tensor> _weights = [];

    /// <summary>Calls a function and frees all that it made but the result.</summary>
    public static Tensor Apply(Func<Tensor, Tensor> function, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return function(input).MoveToOuterDisposeScope();
    }

    /// <summary>The function of a layer for an input shape.</summary>
    public Func<Tensor, Tensor> Create(Layer layer, TensorShape input)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution when ConvolutionWeights.IsLinear(convolution, input):
                return Activate(Linear(convolution), convolution.Activation);
            case ConvolutionLayer convolution:
                return Activate(Convolution(convolution), convolution.Activation);
            case ResidualBlock block:
                Func<Tensor, Tensor> inside = Create(block.Inner, input);
                long channels = layer.OutputShape(input).Channels;
                return map => inside(map).add_(map.narrow(1, 0, channels));
            case Sequential sequence:
                List<Func<Tensor, Tensor>> functions = [];
                foreach (Layer inner in sequence.Layers)
                {
                    functions.Add(Create(inner, input));
                    input = inner.OutputShape(input);
                }

                return map => Chain(functions, map);
            case MaxPooling:
                return map => functional.max_pool2d(map, [2, 2]);
            case SpaceToDepth blocks:
                return map => Fold(map, blocks.Side);
            case DepthToSpace blocks:
                return map => Unfold(map, blocks.Side);
            default:
                throw new NotSupportedException($"There is no function for the layer «{layer.GetType().Name}».");
        }
    }

    public void Dispose() => _weights.ForEach(weight => weight.Dispose());

    private static Tensor Chain(List<Func<Tensor, Tensor>> functions, Tensor input)
    {
        Tensor current = input;
        foreach (Func<Tensor, Tensor> function in functions)
        {
            Tensor next = Apply(function, current);
            if (!ReferenceEquals(current, input))
            {
                current.Dispose();
            }

            current = next;
        }

        return current;
    }

    private static Func<Tensor, Tensor> Activate(Func<Tensor, Tensor> function, Activation activation) => activation switch
    {
        Activation.Relu => map => function(map).relu_(),
        Activation.Sigmoid => map => function(map).sigmoid_(),
        _ => function,
    };

    private Func<Tensor, Tensor> Convolution(ConvolutionLayer layer)
    {
        ConvolutionGeometry geometry = layer.Geometry;
        long[] stride = [geometry.Stride, geometry.Stride];
        long[] padding = [geometry.Padding, geometry.Padding];
        long[] outputPadding = [layer.OutputPadding, layer.OutputPadding];
        Tensor bias = Keep(tensor(layer.Bias.Values.ToArray()));
        if (layer.IsTransposed)
        {
            Tensor transposed = Keep(InMapOrder(Weights(layer)));
            return map => functional.conv_transpose2d(map, transposed, bias, stride, padding, outputPadding);
        }

        long missing = isPadded && geometry.Inputs > TorchConvolution.SafeChannels ? TorchConvolution.Missing(geometry.Inputs) : 0;
        long[] zeros = [0, 0, 0, 0, 0, missing];
        Tensor kernel = Keep(InMapOrder(functional.pad(Weights(layer), zeros)));
        return missing == 0
            ? map => functional.conv2d(map, kernel, bias, stride, padding)
            : map => functional.conv2d(functional.pad(map, zeros), kernel, bias, stride, padding);
    }

    private Func<Tensor, Tensor> Linear(ConvolutionLayer layer)
    {
        Tensor bias = Keep(tensor(layer.Bias.Values.ToArray()));
        Tensor matrix = Keep(Flat(Weights(layer)).clone());
        return map => functional.linear(Flat(map), matrix, bias).unsqueeze(-1).unsqueeze(-1);
    }

    private static Tensor Weights(ConvolutionLayer layer) => tensor(
        ConvolutionWeights.InPlanes(layer), [layer.Geometry.Outputs, layer.Geometry.Inputs, layer.Geometry.Kernel, layer.Geometry.Kernel]);

    /// <summary>Each map or filter as a row of numbers, in the order in which they lie.</summary>
    private Tensor Flat(Tensor maps) => (isChannelsLast ? maps.permute(0, 2, 3, 1) : maps).reshape(maps.shape[0], -1);

    /// <summary>Filters lie in memory as maps do.</summary>
    private Tensor InMapOrder(Tensor weights) =>
        isChannelsLast ? weights.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : weights;

    private Tensor Keep(Tensor weight)
    {
        _weights.Add(weight);
        return weight;
    }

    /// <summary>Blocks of places to channels (row, column, channel); the same in both orders but for what lies side by side.</summary>
    private Tensor Fold(Tensor map, int side)
    {
        (long count, long channels, long rows, long columns) = (map.shape[0], map.shape[1], map.shape[2] / side, map.shape[3] / side);
        return isChannelsLast
            ? map.permute(0, 2, 3, 1).reshape(count, rows, side, columns, side, channels).permute(0, 1, 3, 2, 4, 5)
                .reshape(count, rows, columns, side * side * channels).permute(0, 3, 1, 2)
            : map.reshape(count, channels, rows, side, columns, side).permute(0, 3, 5, 1, 2, 4).reshape(count, side * side * channels, rows, columns);
    }

    private Tensor Unfold(Tensor map, int side)
    {
        (long count, long channels, long rows, long columns) = (map.shape[0], map.shape[1] / (side * side), map.shape[2], map.shape[3]);
        return isChannelsLast
            ? map.permute(0, 2, 3, 1).reshape(count, rows, columns, side, side, channels).permute(0, 1, 3, 2, 4, 5)
                .reshape(count, rows * side, columns * side, channels).permute(0, 3, 1, 2)
            : map.reshape(count, side, side, channels, rows, columns).permute(0, 3, 4, 1, 5, 2).reshape(count, channels, rows * side, columns * side);
    }
}
