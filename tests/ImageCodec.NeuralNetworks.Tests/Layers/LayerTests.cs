using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Tests.Kernels;

namespace ImageCodec.NeuralNetworks.Tests.Layers;

/// <summary>The layers that are more than one convolution, against their definitions.</summary>
public class LayerTests
{
    [TestCase(2, 2, 1)]
    [TestCase(5, 7, 3)]
    [TestCase(8, 6, 33)]
    public void Max_pooling_takes_the_largest_of_each_2x2_places(int height, int width, int channels)
    {
        TensorShape shape = new(height, width, channels);
        float[] input = new RandomSource(height).Array(3 * shape.Length);

        (TensorShape output, float[] values) = Run(new MaxPooling(), 3, shape, input);

        Assert.That(output, Is.EqualTo(new TensorShape(height / 2, width / 2, channels)));
        float At(int picture, int y, int x, int c) => input[((picture * height + y) * width + x) * channels + c];
        int next = 0;
        for (int picture = 0; picture < 3; picture++)
        {
            for (int y = 0; y < output.Height; y++)
            {
                for (int x = 0; x < output.Width; x++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        float expected = Math.Max(
                            Math.Max(At(picture, 2 * y, 2 * x, c), At(picture, 2 * y, 2 * x + 1, c)),
                            Math.Max(At(picture, 2 * y + 1, 2 * x, c), At(picture, 2 * y + 1, 2 * x + 1, c)));
                        Assert.That(values[next++], Is.EqualTo(expected));
                    }
                }
            }
        }
    }

    [Test]
    public void Max_pooling_sends_the_gradient_to_the_first_of_equal_ones()
    {
        TensorShape shape = new(2, 4, 1);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, recording: true);
        Tensor input = scope.Create(1, shape);
        ((ReadOnlySpan<float>)[1, 1, 0, 2, 1, 1, 2, 2]).CopyTo(input.Span);
        input.NeedsGradient = true;
        Tensor output = new MaxPooling().Forward(scope, input);
        ((ReadOnlySpan<float>)[5, 7]).CopyTo(scope.GradientOf(output).Span);

        scope.Backward();

        Assert.That(input.Gradient!.Span.ToArray(), Is.EqualTo(new float[] { 5, 0, 0, 7, 0, 0, 0, 0 }));
    }

    [Test]
    public void Depth_to_space_unfolds_row_column_channel()
    {
        TensorShape shape = new(2, 3, 12);
        float[] input = [.. Enumerable.Range(0, shape.Length).Select(i => (float)i)];

        (TensorShape output, float[] values) = Run(new DepthToSpace(2), 1, shape, input);

        Assert.That(output, Is.EqualTo(new TensorShape(4, 6, 3)));
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 6; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    float expected = input[(y / 2 * 3 + x / 2) * 12 + (y % 2 * 2 + x % 2) * 3 + c];
                    Assert.That(values[(y * 6 + x) * 3 + c], Is.EqualTo(expected), $"row {y}, column {x}, channel {c}");
                }
            }
        }
    }

    [Test]
    public void A_residual_block_adds_two_convolutions_to_its_input()
    {
        ResidualBlock block = new(17);
        RandomSource random = new(6);
        float[][] parameters = [.. block.Parameters.Select(p => random.Array(p.Parameter.Length))];
        foreach (((_, Parameter parameter), float[] values) in block.Parameters.Zip(parameters))
        {
            values.CopyTo(parameter.Values);
            parameter.Changed();
        }

        TensorShape shape = new(5, 6, 17);
        float[] input = random.Array(2 * shape.Length);
        (_, float[] inner) = Run(block.Inner.Named[0].Layer, 2, shape, input);
        (_, float[] outer) = Run(block.Inner.Named[1].Layer, 2, shape, inner);

        (_, float[] actual) = Run(block, 2, shape, input);

        Assert.That(block.Parameters.Select(p => p.Name), Is.EqualTo(new[] { "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias" }));
        Assert.That(inner, Is.All.GreaterThanOrEqualTo(0f));
        Assert.That(actual, Is.EqualTo(outer.Zip(input, (a, b) => a + b)));
    }

    [Test]
    public void A_residual_block_that_ends_with_fewer_channels_adds_to_the_first_ones()
    {
        ConvolutionLayer narrow = ConvolutionLayer.Convolve(7, 3, 3, 1, 1, Activation.None);
        ResidualBlock block = new(("0", narrow));
        RandomSource random = new(8);
        random.Array(narrow.Weight.Length).CopyTo(narrow.Weight.Values);
        narrow.Weight.Changed();
        TensorShape shape = new(5, 6, 7);
        float[] input = random.Array(2 * shape.Length);
        (_, float[] added) = Run(narrow, 2, shape, input);

        (TensorShape outputShape, float[] actual) = Run(block, 2, shape, input);

        Assert.That(outputShape, Is.EqualTo(new TensorShape(5, 6, 3)));
        Assert.That(actual, Is.EqualTo(added.Select((value, i) => value + input[i / 3 * 7 + i % 3])));
    }

    [Test]
    public void A_convolution_of_half_of_the_places_is_that_of_all_there([Values(1, 3)] int kernel, [Values(0, 1)] int half, [Values] bool relu)
    {
        ConvolutionLayer layer = ConvolutionLayer.Convolve(7, 19, kernel, 1, kernel / 2, relu ? Activation.Relu : Activation.None);
        RandomSource random = new(9);
        random.Array(layer.Weight.Length).CopyTo(layer.Weight.Values);
        random.Array(layer.Bias.Length).CopyTo(layer.Bias.Values);
        layer.Weight.Changed();
        layer.Bias.Changed();
        TensorShape shape = new(5, 8, 7);
        float[] input = random.Array(2 * shape.Length);
        (_, float[] all) = Run(layer, 2, shape, input);

        using ComputeScope scope = new(new Workspace(), 2, recording: false, CancellationToken.None);
        Tensor tensor = scope.Create(2, shape);
        input.CopyTo(tensor.Span);
        Tensor actual = layer.ForwardHalf(scope, tensor, half);

        Assert.That((actual.Count, actual.Shape), Is.EqualTo((2, new TensorShape(5, 4, 19))));
        float[] values = actual.Span.ToArray();
        for (int row = 0; row < 2 * 5; row++)
        {
            for (int place = 0; place < 4; place++)
            {
                int column = 2 * place + ((row % 5 + half) & 1);
                Assert.That(
                    values.AsSpan((row * 4 + place) * 19, 19).ToArray(), Is.EqualTo(all.AsSpan((row * 8 + column) * 19, 19).ToArray()), $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public void Half_of_the_places_is_refused_where_there_are_no_halves()
    {
        using ComputeScope scope = new(new Workspace(), 1, recording: false, CancellationToken.None);
        Tensor odd = scope.CreateZero(1, new TensorShape(4, 5, 7));
        Tensor even = scope.CreateZero(1, new TensorShape(4, 4, 7));

        Assert.That(() => ConvolutionLayer.Convolve(7, 19, 3, 1, 1, Activation.None).ForwardHalf(scope, odd, 0), Throws.ArgumentException.With.Message.Contains("4×5×7"));
        Assert.That(() => ConvolutionLayer.Convolve(7, 19, 3, 2, 1, Activation.None).ForwardHalf(scope, even, 0), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ConvolutionLayer.Convolve(7, 4, 3, 1, 1, Activation.None).ForwardHalf(scope, even, 0), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void Linear_layers_read_files_as_PyTorch_flattens_maps()
    {
        // The file's column for channel c, row y, column x is (c · 4 + y) · 4 + x.
        const int Channels = 3, Side = 4, Outputs = 19;
        RandomSource random = new(7);
        float[] weights = random.Array(Outputs * Channels * Side * Side);
        ConvolutionLayer from = ConvolutionLayer.LinearFromMap(Channels, Side, Outputs);
        ConvolutionLayer to = ConvolutionLayer.LinearToMap(Outputs, Channels, Side);
        float[] bias = random.Array(Outputs), wideBias = random.Array(Channels * Side * Side);
        from.Weight.Load(weights);
        from.Bias.Load(bias);
        to.Weight.Load(weights);
        to.Bias.Load(wideBias);
        float[] map = random.Array(Channels * Side * Side), vector = random.Array(Outputs);
        ExactTensor expectedVector = new(1, new TensorShape(1, 1, Outputs));
        ExactTensor expectedMap = new(1, new TensorShape(Side, Side, Channels));
        for (int row = 0; row < Outputs; row++)
        {
            expectedVector.Add(row, bias[row], 1);
            for (int place = 0; place < Side * Side; place++)
            {
                for (int c = 0; c < Channels; c++)
                {
                    expectedVector.Add(row, map[place * Channels + c], weights[row * Channels * Side * Side + c * Side * Side + place]);
                }
            }
        }

        for (int place = 0; place < Side * Side; place++)
        {
            for (int c = 0; c < Channels; c++)
            {
                // The other way the file's matrix has a row for each place and channel.
                expectedMap.Add(place * Channels + c, wideBias[c * Side * Side + place], 1);
                for (int i = 0; i < Outputs; i++)
                {
                    expectedMap.Add(place * Channels + c, vector[i], weights[(c * Side * Side + place) * Outputs + i]);
                }
            }
        }

        expectedVector.AssertNear(Run(from, 1, new TensorShape(Side, Side, Channels), map).Values, "from a map");
        Sequential unfolded = new(("linear", to), ("unfold", new DepthToSpace(Side)));
        expectedMap.AssertNear(Run(unfolded, 1, new TensorShape(1, 1, Outputs), vector).Values, "to a map");
    }

    [Test]
    public void Changed_weights_are_packed_anew()
    {
        ConvolutionLayer layer = ConvolutionLayer.Convolve(1, 1, 1, 1, 0, Activation.None);
        TensorShape shape = new(1, 1, 1);
        layer.Weight.Load([2]);
        Assert.That(Run(layer, 1, shape, [3]).Values, Is.EqualTo(new float[] { 6 }));
        layer.Bias.Load([1]);
        Assert.That(Run(layer, 1, shape, [3]).Values, Is.EqualTo(new float[] { 7 }));
        layer.Weight.Load([5]);
        Assert.That(Run(layer, 1, shape, [3]).Values, Is.EqualTo(new float[] { 16 }));
    }

    [Test]
    public void Parameters_come_back_in_file_order()
    {
        RandomSource random = new(8);
        foreach (ConvolutionLayer layer in new[]
        {
            ConvolutionLayer.Convolve(3, 5, 2, 1, 0, Activation.None), ConvolutionLayer.Transpose(3, 5, 2, 1, 0, 0, Activation.None),
            ConvolutionLayer.LinearFromMap(3, 2, 5), ConvolutionLayer.LinearToMap(5, 3, 2),
        })
        {
            foreach ((_, Parameter parameter) in layer.Parameters)
            {
                float[] values = random.Array(parameter.Length);
                parameter.Load(values);
                Assert.That(parameter.ToFileOrder(), Is.EqualTo(values));
                Assert.That(() => parameter.Load(values.AsSpan(1)), Throws.ArgumentException.With.Message.Contains(parameter.Name));
            }
        }
    }

    private static (TensorShape Shape, float[] Values) Run(Layer layer, int count, TensorShape shape, float[] input)
    {
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace);
        Tensor read = scope.Create(count, shape);
        input.CopyTo(read.Span);
        Tensor output = layer.Forward(scope, read);
        Assert.That(output.Shape, Is.EqualTo(layer.OutputShape(shape)));
        return (output.Shape, output.Span.ToArray());
    }
}
