using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Tests.Kernels;

/// <summary>
/// Every kernel on random shapes against the definition in double precision; and, bit for bit, every vector width and number of
/// threads against each other.
/// </summary>
public unsafe class ConvolutionTests
{
    private const int Cases = 70;
    private const int MaxTerms = 1_000_000;

    private static readonly int[] s_channels = [1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 64];

    public static IEnumerable<int> Seeds => Enumerable.Range(0, Cases);

    [TestCaseSource(nameof(Seeds))]
    public void Forward(int seed)
    {
        RandomSource random = new(seed, 1);
        (ConvolutionGeometry geometry, int count, TensorShape shape) = Draw(random);
        bool relu = random.Next(2) == 1;
        using Workspace workspace = new();
        using ComputeScope data = new(workspace);
        Tensor input = random.Tensor(data, count, shape);
        float[] weights = random.Array(geometry.WeightCount);
        float[] bias = random.Array(geometry.Outputs);
        ExactTensor expected = PlainConvolution.Forward(geometry, input, weights, bias);
        if (relu)
        {
            expected.ApplyRelu();
        }

        AssertAllAlike(workspace, $"{geometry} on {input}, ReLU {relu}", expected, (scope, backend) =>
        {
            fixed (float* pointer = weights)
            {
                return Convolution.Forward(scope, geometry, Convolution.PackForward(backend, geometry, pointer, bias), input, relu);
            }
        });
    }

    /// <summary>Few outputs are computed in blocks of pixels, and large maps in an inner part and edges.</summary>
    [Test]
    public void Forward_is_the_chain_of_its_definition(
        [Values(1, 2, 3, 4, 5, 16)] int outputs, [Values(1, 3, 5)] int kernel, [Values(1, 2)] int stride, [Values(0, 1, 2)] int padding)
    {
        RandomSource random = new(outputs, kernel);
        ConvolutionGeometry geometry = new(3, outputs, kernel, stride, padding);
        using Workspace workspace = new();
        using ComputeScope data = new(workspace);
        foreach ((int height, int width) in new[] { (5, 5), (6, 9), (7, 40), (67 * stride, 71 * stride), (72 * stride + 1, 66 * stride + 4) })
        {
            Tensor input = random.Tensor(data, height < 10 ? 2 : 1, new TensorShape(height, width, geometry.Inputs));
            float[] weights = random.Array(geometry.WeightCount);
            float[] bias = random.Array(geometry.Outputs);
            float[] expected = PlainConvolution.ForwardChains(geometry, input, weights, bias);
            foreach (Backend backend in Backend.All)
            {
                for (int threads = 1; threads <= 2; threads++)
                {
                    using ComputeScope scope = new(workspace, threads);
                    fixed (float* pointer = weights)
                    {
                        WeightPanels panels = Convolution.PackForward(backend, geometry, pointer, bias);
                        Tensor result = Convolution.Forward(scope, geometry, panels, input, relu: false);
                        Assert.That(result.Span.SequenceEqual(expected), $"{geometry} on {input}, {backend.Lanes} lanes, {threads} threads");
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(Seeds))]
    public void Transposed(int seed)
    {
        RandomSource random = new(seed, 2);
        (ConvolutionGeometry geometry, int count, TensorShape shape) = Draw(random);
        TensorShape read = geometry.Convolve(shape);

        // The transpose of what a convolution reads is any size from which the convolution gives this one.
        AssertTransposed(random, geometry, count, read, shape);
    }

    [TestCase(3, 128, 7, 2, 3)]
    [TestCase(3, 33, 4, 2, 1)]
    [TestCase(4, 17, 2, 2, 0)]
    [TestCase(1, 5, 9, 4, 4)]
    [TestCase(1, 3, 3, 3, 0)]
    [TestCase(16, 2, 5, 1, 2)]
    [TestCase(2, 70, 1, 2, 0)]
    [TestCase(1, 64, 2, 4, 1)]
    [TestCase(3, 67, 4, 2, 1)]
    [TestCase(5, 65, 5, 1, 2)]
    public void Transposed_in_blocks_with_every_output_padding(int inputs, int outputs, int kernel, int stride, int padding)
    {
        RandomSource random = new(kernel, stride);
        ConvolutionGeometry geometry = new(inputs, outputs, kernel, stride, padding);
        for (int outputPadding = 0; outputPadding < stride; outputPadding++)
        {
            TensorShape read = new(3, 5, outputs);
            AssertTransposed(random, geometry, 2, read, geometry.Transpose(read, outputPadding));

            // Rows long enough for places to lie side by side in the vectors: just so, a few vectors, and a rest behind them.
            foreach (int width in new[] { 24, 65, 71 })
            {
                TensorShape wide = new(2, width, outputs);
                AssertTransposed(random, geometry, 2, wide, geometry.Transpose(wide, outputPadding));
            }
        }
    }

    /// <summary>Large maps are read in an inner part and edges.</summary>
    [TestCase(3, 5, 4, 2, 1)]
    [TestCase(1, 2, 9, 4, 4)]
    [TestCase(2, 3, 5, 1, 2)]
    public void Transposed_in_blocks_from_a_large_map(int inputs, int outputs, int kernel, int stride, int padding)
    {
        ConvolutionGeometry geometry = new(inputs, outputs, kernel, stride, padding);
        TensorShape read = new(73, 70, outputs);
        AssertTransposed(new RandomSource(5), geometry, 1, read, geometry.Transpose(read, stride - 1));
    }

    [TestCaseSource(nameof(Seeds))]
    public void Weight_gradient(int seed)
    {
        RandomSource random = new(seed, 3);
        (ConvolutionGeometry geometry, int count, TensorShape shape) = Draw(random);
        AssertWeightGradient(random, geometry, count, shape);
    }

    /// <summary>With many outputs copies are multiplied, block by block: of rows, of one picture each, and of several pictures.</summary>
    [TestCase(3, 128, 4, 2, 1, 1, 9, 8)]
    [TestCase(7, 131, 3, 1, 1, 2, 20, 19)]
    [TestCase(2, 150, 1, 3, 0, 2, 2, 800)]
    [TestCase(5, 160, 2, 1, 0, 30, 5, 4)]
    [TestCase(17, 129, 1, 1, 0, 3, 1, 1)]
    public void Weight_gradient_of_many_outputs(int inputs, int outputs, int kernel, int stride, int padding, int count, int height, int width) =>
        AssertWeightGradient(new RandomSource(outputs), new ConvolutionGeometry(inputs, outputs, kernel, stride, padding), count, new TensorShape(height, width, inputs));

    [Test]
    public void A_place_that_no_input_reaches_holds_the_bias()
    {
        RandomSource random = new(4);

        // With a kernel smaller than its stride most output places have no term at all.
        AssertTransposed(random, new ConvolutionGeometry(33, 3, 1, 4, 0), 1, new TensorShape(2, 3, 3), new TensorShape(8, 12, 33));
        AssertTransposed(random, new ConvolutionGeometry(1, 3, 1, 3, 0), 1, new TensorShape(2, 3, 3), new TensorShape(6, 7, 1));
    }

    private static void AssertWeightGradient(RandomSource random, ConvolutionGeometry geometry, int count, TensorShape shape)
    {
        using Workspace workspace = new();
        using ComputeScope data = new(workspace);
        Tensor input = random.Tensor(data, count, shape);
        Tensor gradient = random.Tensor(data, count, geometry.Convolve(shape));
        float[] start = random.Array(geometry.WeightCount);
        ExactTensor expected = PlainConvolution.WeightGradient(geometry, input, gradient, start);

        AssertAllAlike(workspace, $"{geometry} on {input}", expected, (scope, backend) =>
        {
            Tensor sums = scope.Create(1, new TensorShape(1, 1, start.Length));
            start.CopyTo(sums.Span);
            WeightGradient.Add(scope, backend, geometry, input, gradient, sums.Data);
            return sums;
        });
    }

    private static void AssertTransposed(RandomSource random, ConvolutionGeometry geometry, int count, TensorShape read, TensorShape written)
    {
        bool relu = random.Next(2) == 1;
        using Workspace workspace = new();
        using ComputeScope data = new(workspace);
        Tensor input = random.Tensor(data, count, read);
        float[] weights = random.Array(geometry.WeightCount);
        float[] bias = random.Array(geometry.Inputs);
        ExactTensor expected = PlainConvolution.Transpose(geometry, input, written, weights, bias);
        if (relu)
        {
            expected.ApplyRelu();
        }

        AssertAllAlike(workspace, $"transpose of {geometry} on {input} to {written}, ReLU {relu}", expected, (scope, backend) =>
        {
            fixed (float* pointer = weights)
            {
                return Convolution.Transpose(scope, geometry, Convolution.PackTransposed(backend, geometry, pointer, bias), input, written, relu);
            }
        });
    }

    /// <summary>Runs a kernel with every vector width on one, two and three threads; all results must be near what is expected and the same.</summary>
    private static void AssertAllAlike(Workspace workspace, string what, ExactTensor expected, Func<ComputeScope, Backend, Tensor> run)
    {
        float[]? first = null;
        foreach (Backend backend in Backend.All)
        {
            for (int threads = 1; threads <= 3; threads++)
            {
                using ComputeScope scope = new(workspace, threads);
                Tensor result = run(scope, backend);
                if (first is null)
                {
                    expected.AssertNear(result.Span, what);
                    first = result.Span.ToArray();
                }
                else if (!result.Span.SequenceEqual(first))
                {
                    Assert.Fail($"{what}: with {backend.Lanes} lanes and {threads} threads the result has other bits.");
                }
            }
        }
    }

    /// <summary>A random convolution and batch whose reference is not too slow.</summary>
    private static (ConvolutionGeometry Geometry, int Count, TensorShape Shape) Draw(RandomSource random)
    {
        while (true)
        {
            int kernel = random.Between(1, 9);
            ConvolutionGeometry geometry = new(
                random.Pick(s_channels), random.Pick(s_channels), kernel, random.Between(1, 4), random.Between(0, kernel));
            TensorShape shape = new(Side(random), Side(random), geometry.Inputs);
            int count = random.Between(1, 3);
            TensorShape output = geometry.Convolve(shape);
            if (output.Height > 0 && output.Width > 0 && (long)count * output.Height * output.Width * geometry.WeightCount <= MaxTerms)
            {
                return (geometry, count, shape);
            }
        }
    }

    private static int Side(RandomSource random) => random.Next(4) == 0 ? 1 : random.Between(1, 37);
}
