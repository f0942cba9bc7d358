using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Tests.Kernels;

namespace ImageCodec.NeuralNetworks.Tests.Layers;

/// <summary>Layers run band by band against the same layers one after another, bit for bit.</summary>
public unsafe class FusedLayersTests
{
    private static readonly (string Name, Func<Layer[]> Create, TensorShape Input, int Fused)[] s_stacks =
    [
        ("three of stride 1", () => [Convolve(3, 16, 3, 1, 1), Convolve(16, 16, 3, 1, 1), Convolve(16, 20, 3, 1, 1)], new(290, 271, 3), 3),
        ("narrow at the end", () => [Convolve(4, 16, 3, 1, 1), Convolve(16, 3, 3, 1, 1)], new(271, 253, 4), 2),
        ("narrow between", () => [Convolve(8, 16, 3, 1, 1), Convolve(16, 4, 5, 1, 2, Activation.Relu), Convolve(4, 24, 3, 1, 1)], new(601, 460, 8), 3),
        ("narrow alone", () => [Convolve(5, 1, 5, 1, 2)], new(600, 517, 5), 1),
        ("narrow of two without padding", () => [Convolve(5, 2, 3, 1, 0, Activation.Relu)], new(600, 517, 5), 1),
        ("a residual block that ends with fewer channels", () => [Block(4, 16, 16, 16, 3)], new(460, 277, 4), 1),
        ("two residual blocks", () => [Block(12, 12, 12), Block(12, 16, 16, 12)], new(577, 290, 12), 2),
        ("pooling", () => [Convolve(3, 32, 7, 1, 3, Activation.Relu), new MaxPooling(), Convolve(32, 2, 3, 1, 1, Activation.Relu), new MaxPooling()], new(402, 395, 3), 3),
        ("pooling twice", () => [Convolve(3, 24, 3, 1, 1, Activation.Relu), new MaxPooling(), Convolve(24, 6, 3, 1, 1, Activation.Relu), new MaxPooling()], new(502, 495, 3), 4),
        ("pooling of an odd map", () => [Convolve(3, 40, 3, 1, 0), new MaxPooling()], new(203, 191, 3), 2),
        ("strides", () => [Convolve(3, 32, 7, 2, 3, Activation.Relu), Convolve(32, 8, 5, 2, 2, Activation.Relu), Convolve(8, 8, 4, 2, 1)], new(463, 470, 3), 2),
        ("a stride of four", () => [Convolve(2, 64, 3, 1, 1), Convolve(64, 16, 4, 4, 0)], new(161, 149, 2), 2),
    ];

    public static IEnumerable<string> Names => s_stacks.Select(stack => stack.Name);

    [Test]
    public void Bits_are_those_of_the_layers_by_themselves([ValueSource(nameof(Names))] string name, [Values(1, 2)] int pictures)
    {
        (_, Func<Layer[]> create, TensorShape shape, int fusedCount) = s_stacks.Single(stack => stack.Name == name);
        RandomSource random = new(name.Length, pictures);
        Layer[] layers = create();
        foreach ((_, Parameter parameter) in layers.SelectMany(layer => layer.Parameters))
        {
            random.Fill(parameter.Values);
            parameter.Changed();
        }

        using Workspace workspace = new();
        using ComputeScope data = new(workspace);
        Tensor input = random.Tensor(data, pictures, shape);
        FusedLayers? fused = FusedLayers.Find(layers, 0, shape, threads: 1);
        Assert.That(fused?.LayerCount, Is.EqualTo(fusedCount), "the layers that are fused");
        using ComputeScope one = new(workspace, recording: true);
        Tensor expected = layers.Take(fusedCount).Aggregate(input, (tensor, layer) => layer.Forward(one, tensor));

        for (int threads = 1; threads <= 5; threads += 2)
        {
            using ComputeScope scope = new(workspace, threads);
            Tensor result = fused!.Forward(scope, input);
            Assert.That(result.Shape, Is.EqualTo(expected.Shape));
            Assert.That(result.Span.SequenceEqual(expected.Span), $"{threads} threads");
        }
    }

    [Test]
    public void Wide_layers_and_small_maps_are_left_alone()
    {
        Assert.That(FusedLayers.Find([Convolve(128, 128, 3, 1, 1), Convolve(128, 128, 3, 1, 1)], 0, new TensorShape(96, 96, 128), threads: 1), Is.Null);
        Assert.That(FusedLayers.Find([Convolve(3, 16, 3, 1, 1), Convolve(16, 16, 3, 1, 1)], 0, new TensorShape(64, 64, 3), threads: 1), Is.Null);
    }

    /// <summary>Each of many threads would compute nearly as many rows for its neighbours as for itself.</summary>
    [Test]
    public void Few_rows_are_not_cut_for_many_threads()
    {
        Layer[] layers = [Block(4, 16, 16, 16, 3)];
        TensorShape shape = new(160, 2000, 4);

        Assert.That(FusedLayers.Find(layers, 0, shape, threads: 2)?.LayerCount, Is.EqualTo(1));
        Assert.That(FusedLayers.Find(layers, 0, shape, threads: 16), Is.Null);
    }

    [Test]
    public void A_cancelled_run_stops()
    {
        using Workspace workspace = new();
        using CancellationTokenSource source = new();
        using ComputeScope scope = new(workspace, 2, cancellationToken: source.Token);
        Tensor input = scope.CreateZero(1, new TensorShape(300, 262, 3));
        FusedLayers fused = FusedLayers.Find([Convolve(3, 16, 3, 1, 1), Convolve(16, 16, 3, 1, 1)], 0, input.Shape, threads: 2)!;
        source.Cancel();

        Assert.That(() => fused.Forward(scope, input), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>The narrow kernel of every vector width against the definition's chains.</summary>
    [Test]
    public void Narrow_convolutions_are_the_chains_of_their_definition([Values(1, 2, 3, 4)] int outputs, [Values(1, 3)] int kernelSide)
    {
        const int Width = 83;
        RandomSource random = new(outputs, kernelSide);
        ConvolutionGeometry geometry = new(6, outputs, kernelSide, 1, 0);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace);
        Tensor input = random.Tensor(scope, 1, new TensorShape(kernelSide, Width, geometry.Inputs));
        float[] weights = random.Array(geometry.WeightCount);
        float[] bias = random.Array(outputs);
        float[] expected = PlainConvolution.ForwardChains(geometry, input, weights, bias);
        int pitch = Width + NarrowKernel.Slack;
        Tensor turned = scope.CreateZero(1, new TensorShape(kernelSide, geometry.Inputs, pitch));
        for (int row = 0; row < kernelSide; row++)
        {
            Transposition.Run(
                input.Data + row * Width * geometry.Inputs, geometry.Inputs, turned.Data + (nint)row * geometry.Inputs * pitch, pitch, Width, geometry.Inputs);
        }

        foreach (Backend backend in Backend.All)
        {
            Tensor sums = scope.CreateZero(1, new TensorShape(1, outputs, pitch));
            fixed (float* first = weights, biases = bias)
            {
                backend.Run(new NarrowKernel
                {
                    Input = turned.Data,
                    ChannelPitch = pitch,
                    RowPitch = geometry.Inputs * pitch,
                    Kernel = kernelSide,
                    Inputs = geometry.Inputs,
                    Outputs = outputs,
                    Weights = first,
                    Bias = biases,
                    Sums = sums.Data,
                    SumPitch = pitch,
                    Places = Width - kernelSide + 1,
                });
            }

            for (int place = 0; place < Width - kernelSide + 1; place++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    Assert.That(sums.Data[output * pitch + place], Is.EqualTo(expected[place * outputs + output]), $"{backend.Lanes} lanes, place {place}");
                }
            }
        }
    }

    private static ConvolutionLayer Convolve(int inputs, int outputs, int kernel, int stride, int padding, Activation activation = Activation.None) =>
        ConvolutionLayer.Convolve(inputs, outputs, kernel, stride, padding, activation);

    private static ResidualBlock Block(params int[] widths) => new([.. Enumerable.Range(0, widths.Length - 1).Select(i =>
        ($"{i}", (Layer)Convolve(widths[i], widths[i + 1], 3, 1, 1, i == widths.Length - 2 ? Activation.None : Activation.Relu)))]);
}
