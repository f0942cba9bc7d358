using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Activation = ImageCodec.NeuralNetworks.Layers.Activation;
using ManagedParameter = ImageCodec.NeuralNetworks.Layers.Parameter;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>A layer of the library as a module, whose parameters have the names and the shapes that they have in weights files.</summary>
internal static class TorchLayers
{
    /// <summary>Makes the module of a layer, with values of zero.</summary>
    public static Module<Tensor, Tensor> Create(Layer layer) => layer switch
    {
        ConvolutionLayer convolution => new TorchConvolution(convolution),
        ResidualBlock block => new TorchSequence(block.Inner, isResidual: true),
        ImageCodec.NeuralNetworks.Layers.Sequential sequence => new TorchSequence(sequence, isResidual: false),
        MaxPooling => new TorchFunction("MaxPooling", input => functional.max_pool2d(input, [2, 2])),
        SpaceToDepth blocks => new TorchFunction("SpaceToDepth", input => Fold(input, blocks.Side)),
        DepthToSpace blocks => new TorchFunction("DepthToSpace", input => Unfold(input, blocks.Side)),
        _ => throw new NotSupportedException($"There is no module for the layer «{layer.GetType().Name}»."),
    };

    /// <summary>Makes the modules of a sequence's layers, registered with their names in another module.</summary>
    public static Module<Tensor, Tensor>[] CreateInside(Module owner, ImageCodec.NeuralNetworks.Layers.Sequential sequence)
    {
        Module<Tensor, Tensor>[] modules = [.. sequence.Layers.Select(Create)];
        for (int i = 0; i < modules.Length; i++)
        {
            owner.register_module(sequence.Named[i].Name, modules[i]);
        }

        return modules;
    }

    /// <summary>Puts the axes of a parameter into the order that the library's kernels want.</summary>
    public static Tensor ToKernelOrder(Tensor parameter, ParameterLayout layout) => parameter.view(Sides(layout.View)).permute(Sides(layout.Axes));

    /// <summary>The inverse of <see cref="ToKernelOrder"/>.</summary>
    public static Tensor ToFileOrder(Tensor kernel, ParameterLayout layout)
    {
        long[] inverse = new long[layout.Axes.Length];
        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[layout.Axes[i]] = i;
        }

        return kernel.reshape([.. layout.Axes.Select(axis => (long)layout.View[axis])]).permute(inverse).reshape(Sides(layout.FileShape));
    }

    /// <summary>A parameter of the shape that it has in weights files.</summary>
    public static TorchParameter CreateParameter(ManagedParameter parameter) => new(zeros(Sides(parameter.Layout.FileShape)));

    private static long[] Sides(int[] sides) => [.. sides.Select(side => (long)side)];

    /// <summary>Blocks of places to channels (row, column, channel); PyTorch's own has the channel first.</summary>
    private static Tensor Fold(Tensor input, int side)
    {
        long[] shape = input.shape;
        return input.view(shape[0], shape[1], shape[2] / side, side, shape[3] / side, side).permute(0, 3, 5, 1, 2, 4)
            .reshape(shape[0], shape[1] * side * side, shape[2] / side, shape[3] / side);
    }

    private static Tensor Unfold(Tensor input, int side)
    {
        long[] shape = input.shape;
        long channels = shape[1] / (side * side);
        return input.reshape(shape[0], side, side, channels, shape[2], shape[3]).permute(0, 3, 4, 1, 5, 2)
            .reshape(shape[0], channels, shape[2] * side, shape[3] * side);
    }
}

/// <summary>A convolution, transposed convolution or linear layer over a map, with bias and activation.</summary>
internal sealed class TorchConvolution : Module<Tensor, Tensor>
{
    /// <summary>
    /// libtorch 2.10 may give wrong results on a CPU, without a word, where channels are no multiple of this: of more than 16 inputs the sums, of any outputs the gradients of the inputs.
    /// Seen on an AMD EPYC with AVX-512, by its own results in double precision.
    /// </summary>
    public const int SafeChannels = 16;

    private readonly ConvolutionLayer _layer;
    private readonly TorchParameter weight;
    private readonly TorchParameter bias;

    public TorchConvolution(ConvolutionLayer layer)
        : base(nameof(TorchConvolution))
    {
        _layer = layer;
        weight = TorchLayers.CreateParameter(layer.Weight);
        bias = TorchLayers.CreateParameter(layer.Bias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        ConvolutionGeometry geometry = _layer.Geometry;
        long[] stride = [geometry.Stride, geometry.Stride];
        long[] padding = [geometry.Padding, geometry.Padding];

        // Kernel order is that of a convolution, [row, column, input, output], whatever layer it stands for.
        Tensor kernel = TorchLayers.ToKernelOrder(weight, _layer.Weight.Layout)
            .reshape(geometry.Kernel, geometry.Kernel, geometry.Inputs, geometry.Outputs).permute(3, 2, 0, 1);
        Tensor offset = TorchLayers.ToKernelOrder(bias, _layer.Bias.Layout).reshape(-1);
        Tensor sum = _layer.IsTransposed
            ? functional.conv_transpose2d(input, kernel, offset, stride, padding, [_layer.OutputPadding, _layer.OutputPadding])
            : Convolve(input, kernel, offset, stride, padding);
        return _layer.Activation switch
        {
            Activation.Relu => sum.relu(),
            Activation.Sigmoid => sum.sigmoid(),
            _ => sum,
        };
    }

    /// <summary>A convolution, on a CPU with channels of zeros that change nothing, see <see cref="SafeChannels"/>.</summary>
    private static Tensor Convolve(Tensor input, Tensor kernel, Tensor offset, long[] stride, long[] padding)
    {
        (long outputs, long inputs) = (kernel.shape[0], kernel.shape[1]);
        long moreInputs = inputs > SafeChannels ? Missing(inputs) : 0;
        long moreOutputs = Missing(outputs);
        if (input.device_type != global::TorchSharp.DeviceType.CPU || moreInputs + moreOutputs == 0)
        {
            return functional.conv2d(input, kernel, offset, stride, padding);
        }

        Tensor wide = functional.conv2d(
            functional.pad(input, [0, 0, 0, 0, 0, moreInputs]),
            functional.pad(kernel, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]),
            functional.pad(offset, [0, moreOutputs]),
            stride,
            padding);
        return wide.narrow(1, 0, outputs);
    }

    /// <summary>The channels to the next multiple of <see cref="SafeChannels"/>.</summary>
    public static long Missing(long channels) => (SafeChannels - channels % SafeChannels) % SafeChannels;
}

/// <summary>Layers one after another; in a residual block, what they make of the input is added to its first channels.</summary>
internal sealed class TorchSequence : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _modules;
    private readonly bool _isResidual;

    public TorchSequence(ImageCodec.NeuralNetworks.Layers.Sequential sequence, bool isResidual)
        : base(nameof(TorchSequence))
    {
        _modules = TorchLayers.CreateInside(this, sequence);
        _isResidual = isResidual;
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output = _modules.Aggregate(input, (current, module) => module.call(current));
        return _isResidual ? input.narrow(1, 0, output.shape[1]) + output : output;
    }
}

/// <summary>A layer without parameters.</summary>
internal sealed class TorchFunction(string name, Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(name)
{
    public override Tensor forward(Tensor input) => function(input);
}
