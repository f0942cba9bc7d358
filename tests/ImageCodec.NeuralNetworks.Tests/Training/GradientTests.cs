using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Training;

/// <summary>
/// What flows back through a layer against numerical differences: the loss is a random weighted sum of the layer's outputs, and
/// parameters and inputs are moved along random directions.
/// </summary>
public class GradientTests
{
    private const int Directions = 6;

    private static readonly (string Name, Func<Layer> Make, TensorShape Input)[] s_layers =
    [
        ("convolution", () => ConvolutionLayer.Convolve(3, 17, 5, 2, 2, Activation.None), new(7, 9, 3)),
        ("convolution, stride 4", () => ConvolutionLayer.Convolve(2, 3, 3, 4, 1, Activation.None), new(11, 6, 2)),
        ("convolution, kernel over all", () => ConvolutionLayer.Convolve(4, 33, 5, 1, 2, Activation.None), new(2, 1, 4)),
        ("convolution, one place", () => ConvolutionLayer.Convolve(1, 1, 3, 1, 1, Activation.None), new(1, 1, 1)),
        ("convolution, sigmoid", () => ConvolutionLayer.Convolve(3, 5, 3, 1, 1, Activation.Sigmoid), new(5, 4, 3)),
        ("convolution, ReLU", () => ConvolutionLayer.Convolve(3, 16, 3, 2, 1, Activation.Relu), new(6, 7, 3)),
        ("transposed", () => ConvolutionLayer.Transpose(17, 6, 3, 2, 1, 1, Activation.None), new(4, 5, 17)),
        ("transposed to few channels, sigmoid", () => ConvolutionLayer.Transpose(16, 3, 7, 2, 3, 1, Activation.Sigmoid), new(4, 3, 16)),
        ("transposed, stride 3, ReLU", () => ConvolutionLayer.Transpose(5, 4, 4, 3, 0, 2, Activation.Relu), new(3, 2, 5)),
        ("transposed, one place", () => ConvolutionLayer.Transpose(3, 3, 1, 2, 0, 1, Activation.None), new(1, 1, 3)),
        ("linear from map", () => ConvolutionLayer.LinearFromMap(8, 4, 12), new(4, 8, 8)),
        ("linear to map", () => ConvolutionLayer.LinearToMap(12, 8, 4), new(1, 2, 12)),
        ("residual block", () => new ResidualBlock(5), new(4, 5, 5)),
        ("residual block of other layers", () => new ResidualBlock(
            ("0", ConvolutionLayer.Convolve(3, 16, 3, 1, 1, Activation.Relu)),
            ("1", ConvolutionLayer.Convolve(16, 7, 3, 1, 1, Activation.Relu)),
            ("2", ConvolutionLayer.Convolve(7, 3, 3, 1, 1, Activation.None))), new(6, 5, 3)),
        ("residual block that ends with fewer channels", () => new ResidualBlock(
            ("0", ConvolutionLayer.Convolve(7, 16, 3, 1, 1, Activation.Relu)), ("1", ConvolutionLayer.Convolve(16, 3, 3, 1, 1, Activation.None))), new(6, 5, 7)),
        ("max pooling", () => new MaxPooling(), new(5, 7, 19)),
        ("depth to space", () => new DepthToSpace(3), new(2, 3, 18)),
        ("a block between convolutions", () => new Sequential(
            ("0", ConvolutionLayer.Convolve(3, 16, 3, 1, 1, Activation.Relu)),
            ("1", new ResidualBlock(16)),
            ("2", new MaxPooling()),
            ("3", ConvolutionLayer.Transpose(16, 2, 4, 2, 1, 0, Activation.Sigmoid))), new(6, 4, 3)),
    ];

    public static IEnumerable<TestCaseData> Layers =>
        s_layers.Select((layer, index) => new TestCaseData(index).SetArgDisplayNames(layer.Name));

    [TestCaseSource(nameof(Layers))]
    public void Gradients_are_those_of_numerical_differences(int index)
    {
        (_, Func<Layer> make, TensorShape shape) = s_layers[index];
        Layer layer = make();
        RandomSource random = new(index, 5);
        Parameter[] parameters = [.. layer.Parameters.Select(p => p.Parameter)];
        foreach (Parameter parameter in parameters)
        {
            random.Fill(parameter.Values);
            parameter.Changed();
        }

        const int Count = 2;
        using Workspace workspace = new();
        float[] input = random.Array(Count * shape.Length);
        float[] weights = random.Array(Count * layer.OutputShape(shape).Length);
        float[] inputGradient = Backpropagate(workspace, layer, Count, shape, input, weights);

        AssertSlopes("input", random, input, inputGradient, () => Loss(workspace, layer, Count, shape, input, weights));
        foreach ((string name, Parameter parameter) in layer.Parameters)
        {
            float[] values = parameter.Values.ToArray();
            AssertSlopes(name, random, values, parameter.Gradient.ToArray(), () =>
            {
                values.CopyTo(parameter.Values);
                parameter.Changed();
                return Loss(workspace, layer, Count, shape, input, weights);
            });
            values.CopyTo(parameter.Values);
            parameter.Changed();
        }
    }

    [Test]
    public void Gradients_of_two_passes_add_up()
    {
        ConvolutionLayer layer = ConvolutionLayer.Convolve(3, 5, 3, 1, 1, Activation.None);
        RandomSource random = new(9);
        random.Fill(layer.Weight.Values);
        layer.Weight.Changed();
        TensorShape shape = new(4, 4, 3);
        using Workspace workspace = new();
        float[] input = random.Array(shape.Length);
        float[] weights = random.Array(layer.OutputShape(shape).Length);

        Backpropagate(workspace, layer, 1, shape, input, weights);
        float[] once = layer.Weight.Gradient.ToArray();
        float[] onceBias = layer.Bias.Gradient.ToArray();
        Backpropagate(workspace, layer, 1, shape, input, weights);

        Assert.That(layer.Weight.Gradient.ToArray(), Is.EqualTo(once.Select(value => 2 * value)).Within(1e-5));
        Assert.That(layer.Bias.Gradient.ToArray(), Is.EqualTo(onceBias.Select(value => 2 * value)).Within(1e-5));
    }

    [Test]
    public void What_two_layers_read_gets_both_gradients()
    {
        ConvolutionLayer first = ConvolutionLayer.Convolve(2, 3, 3, 1, 1, Activation.None);
        ConvolutionLayer second = ConvolutionLayer.Transpose(2, 4, 4, 2, 1, 0, Activation.None);
        RandomSource random = new(10);
        random.Fill(first.Weight.Values);
        random.Fill(second.Weight.Values);
        first.Weight.Changed();
        second.Weight.Changed();
        TensorShape shape = new(3, 4, 2);
        using Workspace workspace = new();
        float[] input = random.Array(shape.Length);
        float[] toFirst = random.Array(first.OutputShape(shape).Length);
        float[] toSecond = random.Array(second.OutputShape(shape).Length);
        float[] one = Backpropagate(workspace, first, 1, shape, input, toFirst);
        float[] other = Backpropagate(workspace, second, 1, shape, input, toSecond);

        using ComputeScope scope = new(workspace, recording: true);
        Tensor read = scope.Create(1, shape);
        input.CopyTo(read.Span);
        read.NeedsGradient = true;
        toFirst.CopyTo(scope.GradientOf(first.Forward(scope, read)).Span);
        toSecond.CopyTo(scope.GradientOf(second.Forward(scope, read)).Span);
        scope.Backward();

        Assert.That(read.Gradient!.Span.ToArray(), Is.EqualTo(one.Zip(other, (a, b) => a + b)).Within(1e-6));
    }

    [Test]
    public void Backward_without_recording_is_refused()
    {
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace);

        Assert.That(scope.Backward, Throws.InvalidOperationException);
    }

    private static float[] Backpropagate(Workspace workspace, Layer layer, int count, TensorShape shape, float[] input, float[] weights)
    {
        using ComputeScope scope = new(workspace, recording: true);
        Tensor read = scope.Create(count, shape);
        input.CopyTo(read.Span);
        read.NeedsGradient = true;
        weights.CopyTo(scope.GradientOf(layer.Forward(scope, read)).Span);
        scope.Backward();
        return read.Gradient!.Span.ToArray();
    }

    private static double Loss(Workspace workspace, Layer layer, int count, TensorShape shape, float[] input, float[] weights)
    {
        using ComputeScope scope = new(workspace);
        Tensor read = scope.Create(count, shape);
        input.CopyTo(read.Span);
        Span<float> output = layer.Forward(scope, read).Span;
        double loss = 0;
        for (int i = 0; i < output.Length; i++)
        {
            loss += (double)output[i] * weights[i];
        }

        return loss;
    }

    /// <summary>
    /// Moves a few values a little up and down, and compares the loss's change with what the gradient foretells. Where the two
    /// ways differ, a ReLU or a maximum changed its mind on the way, and there is no slope to compare with.
    /// </summary>
    private static void AssertSlopes(string what, RandomSource random, float[] values, float[] gradient, Func<double> loss)
    {
        const float Step = 1f / 1024;
        float[] start = [.. values];
        double middle = loss();
        int compared = 0;
        for (int attempt = 0; compared < Directions && attempt < 40 * Directions; attempt++)
        {
            int[] moved = [.. Enumerable.Range(0, 3).Select(_ => random.Next(values.Length)).Distinct()];
            double up = (Moved(Step) - middle) / Step;
            double down = (middle - Moved(-Step)) / Step;
            if (Math.Abs(up - down) > 0.02 + 0.01 * Math.Abs(up))
            {
                continue;
            }

            double foretold = moved.Sum(i => (double)gradient[i]);
            Assert.That(foretold, Is.EqualTo((up + down) / 2).Within(0.01 + 0.01 * Math.Abs(up)), $"{what}, values {string.Join(", ", moved)}");
            compared++;

            double Moved(float step)
            {
                foreach (int i in moved)
                {
                    values[i] = start[i] + step;
                }

                double result = loss();
                foreach (int i in moved)
                {
                    values[i] = start[i];
                }

                return result;
            }
        }

        Assert.That(compared, Is.EqualTo(Directions), $"{what}: directions without a kink");
    }
}
