using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>A convolution or a transposed one, with bias and activation.</summary>
internal sealed unsafe class ConvolutionLayer : Layer
{
    private readonly ConvolutionGeometry _geometry;
    private readonly bool _transposed;
    private readonly int _outputPadding;
    private readonly Activation _activation;
    private readonly Lock _packing = new();
    private PackedWeights? _packed;
    private PackedWeights? _packedBackward;

    private ConvolutionLayer(
        ConvolutionGeometry geometry, bool transposed, int outputPadding, Activation activation, ParameterLayout weight, ParameterLayout bias)
    {
        _geometry = geometry;
        _transposed = transposed;
        _outputPadding = outputPadding;
        _activation = activation;
        Weight = new Parameter("weight", weight);
        Bias = new Parameter("bias", bias);
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    /// <summary>Terms in one output's sum as PyTorch counts them when it initialises weights.</summary>
    public int FanIn => _geometry.Kernel * _geometry.Kernel * _geometry.Inputs;

    /// <summary>Outputs that one input reaches, by the same count.</summary>
    public int FanOut => _geometry.Kernel * _geometry.Kernel * _geometry.Outputs;

    /// <summary>Terms in one output's sum on the mean, away from the edges.</summary>
    public double Terms => _transposed ? FanOut / (double)(_geometry.Stride * _geometry.Stride) : FanIn;

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [(Weight.Name, Weight), (Bias.Name, Bias)];

    public override double Scale => _transposed ? _geometry.Stride : 1.0 / _geometry.Stride;

    public override double Reach => _transposed ? _geometry.TransposedReach : _geometry.Reach;

    /// <summary>The convolution, or what is transposed.</summary>
    public ConvolutionGeometry Geometry => _geometry;

    public bool IsTransposed => _transposed;

    /// <summary>Rows and columns that a transposed convolution has beyond the smallest output.</summary>
    public int OutputPadding => _outputPadding;

    public Activation Activation => _activation;

    private int InputChannels => _transposed ? _geometry.Outputs : _geometry.Inputs;

    /// <summary>A convolution.</summary>
    public static ConvolutionLayer Convolve(int inputs, int outputs, int kernel, int stride, int padding, Activation activation) => new(
        new ConvolutionGeometry(inputs, outputs, kernel, stride, padding),
        transposed: false,
        0,
        activation,
        ParameterLayout.Convolution(outputs, inputs, kernel),
        ParameterLayout.Vector(outputs));

    /// <summary>A transposed convolution.</summary>
    public static ConvolutionLayer Transpose(
        int inputs, int outputs, int kernel, int stride, int padding, int outputPadding, Activation activation) => new(
        new ConvolutionGeometry(outputs, inputs, kernel, stride, padding),
        transposed: true,
        outputPadding,
        activation,
        ParameterLayout.Convolution(inputs, outputs, kernel),
        ParameterLayout.Vector(outputs));

    /// <summary>A linear layer over blocks of <paramref name="side"/> × <paramref name="side"/> places, flattened.</summary>
    public static ConvolutionLayer LinearFromMap(int channels, int side, int outputs) => new(
        new ConvolutionGeometry(channels, outputs, side, side, 0),
        transposed: false,
        0,
        Activation.None,
        ParameterLayout.LinearFromMap(outputs, channels, side),
        ParameterLayout.Vector(outputs));

    /// <summary>A linear layer at each place to a block of <paramref name="side"/> × <paramref name="side"/>, still to be unfolded by <see cref="DepthToSpace"/>.</summary>
    public static ConvolutionLayer LinearToMap(int inputs, int channels, int side) => new(
        new ConvolutionGeometry(inputs, channels * side * side, 1, 1, 0),
        transposed: false,
        0,
        Activation.None,
        ParameterLayout.LinearToMap(inputs, channels, side),
        ParameterLayout.LinearToMapBias(channels, side));

    public override TensorShape OutputShape(TensorShape input)
    {
        if (input.Channels != InputChannels)
        {
            throw new ArgumentException($"{this} expects {InputChannels} channels, but was given {input}.", nameof(input));
        }

        TensorShape output = _transposed ? _geometry.Transpose(input, _outputPadding) : _geometry.Convolve(input);
        return output.Height > 0 && output.Width > 0
            ? output
            : throw new ArgumentException($"{this} expects an input at least as large as its kernel, but was given {input}.", nameof(input));
    }

    public override long CountOperations(TensorShape input)
    {
        TensorShape output = OutputShape(input);
        TensorShape places = _transposed ? input : output;
        return (long)places.Height * places.Width * _geometry.WeightCount;
    }

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        scope.CancellationToken.ThrowIfCancellationRequested();
        TensorShape shape = OutputShape(input.Shape);
        bool relu = _activation == Activation.Relu;
        Tensor output = _transposed
            ? Convolution.Transpose(scope, _geometry, Panels(), input, shape, relu)
            : Convolution.Forward(scope, _geometry, Panels()[0], input, relu);
        if (_activation == Activation.Sigmoid)
        {
            nint row = (nint)output.Width * output.Channels;
            scope.ForRanges(output.Count * output.Height, row, (first, last) => Backend.Current.Sigmoid(output.Data + first * row, (last - first) * row));
        }

        output.NeedsGradient = scope.IsRecording;
        scope.Record(() => Backward(scope, input, output));
        return output;
    }

    /// <summary>
    /// Computes the layer at the places of one half of a checkerboard, those where row + column + <paramref name="half"/> is even, as a map of half the width; the
    /// same bits as <see cref="Forward"/> has there. Not for training.
    /// </summary>
    /// <exception cref="ArgumentException">The layer can't take that shape, or the width is odd.</exception>
    /// <exception cref="NotSupportedException">The layer does not keep rows and columns, has a sigmoid or too few channels, or the run is recording.</exception>
    public Tensor ForwardHalf(ComputeScope scope, Tensor input, int half)
    {
        scope.CancellationToken.ThrowIfCancellationRequested();
        TensorShape shape = OutputShape(input.Shape);
        if (_transposed || _activation == Activation.Sigmoid || BlockConvolution.IsWorthForward(_geometry) || scope.IsRecording
            || (shape.Height, shape.Width) != (input.Height, input.Width))
        {
            throw new NotSupportedException($"{this} can't be computed for half of the places.");
        }

        if (input.Width % 2 != 0)
        {
            throw new ArgumentException($"{this} for half of the places expects an even width, but was given {input.Shape}.", nameof(input));
        }

        return Convolution.ForwardHalf(scope, _geometry, Panels()[0], input, half, _activation == Activation.Relu);
    }

    /// <summary>The weights as the kernels read them forward: one set, of a transposed convolution possibly one for each phase. Packed anew if they changed.</summary>
    public WeightPanels[] Panels() => Pack(ref _packed, Weight.Version + Bias.Version, _transposed, Bias.Values).Panels;

    public override string ToString() =>
        $"{(_transposed ? "Transposed convolution" : "Convolution")} {InputChannels}→{(_transposed ? _geometry.Inputs : _geometry.Outputs)}, " +
        $"kernel {_geometry.Kernel}, stride {_geometry.Stride}";

    private void Backward(ComputeScope scope, Tensor input, Tensor output)
    {
        if (output.Gradient is not { } gradient)
        {
            return;
        }

        Gradients.ThroughActivation(scope, _activation, output, gradient, scope.IsTraining ? Bias.Gradient : new float[output.Channels]);
        if (scope.IsTraining)
        {
            fixed (float* weightGradient = Weight.Gradient)
            {
                (Tensor read, Tensor written) = _transposed ? (gradient, input) : (input, gradient);
                WeightGradient.Add(scope, Backend.Current, _geometry, read, written, weightGradient);
            }
        }

        if (input.NeedsGradient)
        {
            PackedWeights packed = Pack(ref _packedBackward, Weight.Version, !_transposed, new float[_transposed ? _geometry.Outputs : _geometry.Inputs]);
            Tensor back = _transposed
                ? Convolution.Forward(scope, _geometry, packed.Panels[0], gradient, relu: false)
                : Convolution.Transpose(scope, _geometry, packed.Panels, gradient, input.Shape, relu: false);
            Gradients.Accumulate(scope, input, back);
        }

        scope.Release(gradient);
        output.Gradient = null;
    }

    /// <summary>
    /// The weights packed for the kernels, from the last time unless they changed since; for the convolution that leads gradients back,
    /// <paramref name="transposed"/> is the other way round and the bias zero.
    /// </summary>
    private PackedWeights Pack(ref PackedWeights? last, int version, bool transposed, ReadOnlySpan<float> bias)
    {
        PackedWeights? packed = Volatile.Read(ref last);
        if (packed is null || packed.Version != version)
        {
            // Filled anew in place: weights only change while nothing runs, and of several threads that find them stale one packs.
            lock (_packing)
            {
                packed = last;
                if (packed is null || packed.Version != version)
                {
                    packed = new PackedWeights(version, Pack(transposed, bias, packed?.Panels));
                    Volatile.Write(ref last, packed);
                }
            }
        }

        return packed;
    }

    private WeightPanels[] Pack(bool transposed, ReadOnlySpan<float> bias, WeightPanels[]? old)
    {
        fixed (float* weights = Weight.Values)
        {
            return transposed
                ? Convolution.PackTransposed(Backend.Current, _geometry, weights, bias, old)
                : [Convolution.PackForward(Backend.Current, _geometry, weights, bias, old?[0])];
        }
    }

    private sealed record PackedWeights(int Version, WeightPanels[] Panels);
}
