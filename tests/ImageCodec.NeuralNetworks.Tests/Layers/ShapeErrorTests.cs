using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Layers;

/// <summary>A shape that a layer can't take is an ArgumentException that names the layer, what it expects and what it was given.</summary>
public class ShapeErrorTests
{
    public static IEnumerable<TestCaseData> Wrong =>
    [
        Case(ConvolutionLayer.Convolve(3, 128, 7, 2, 3, Activation.Relu), new(16, 16, 4), "Convolution 3→128, kernel 7, stride 2", "3 channels", "16×16×4"),
        Case(ConvolutionLayer.Transpose(16, 32, 3, 2, 1, 1, Activation.Relu), new(5, 6, 32), "Transposed convolution 16→32", "16 channels", "5×6×32"),
        Case(ConvolutionLayer.Convolve(3, 4, 7, 1, 0, Activation.None), new(6, 20, 3), "Convolution 3→4", "as large as its kernel", "6×20×3"),
        Case(ConvolutionLayer.Transpose(3, 4, 2, 1, 2, 0, Activation.None), new(2, 2, 3), "Transposed convolution 3→4", "at least", "2×2×3"),
        Case(ConvolutionLayer.LinearFromMap(512, 4, 128), new(3, 4, 512), "Convolution 512→128", "as large as its kernel", "3×4×512"),
        Case(new MaxPooling(), new(1, 8, 3), "Max pooling", "at least 2×2", "1×8×3"),
        Case(new DepthToSpace(4), new(2, 2, 24), "Depth to space 4", "multiples of 16", "2×2×24"),
        Case(new ResidualBlock(5), new(4, 4, 6), "Convolution 5→5", "5 channels", "4×4×6"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void Wrong_shapes_are_named(object layer, TensorShape shape, string[] parts)
    {
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace);
        Tensor input = scope.CreateZero(1, shape);
        foreach (Action call in new Action[]
        {
            () => ((Layer)layer).Forward(scope, input),
            () => ((Layer)layer).OutputShape(shape),
            () => new Sequential(("0", (Layer)layer)).OutputShape(shape),
        })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(call)!;
            foreach (string part in parts)
            {
                Assert.That(error.Message, Does.Contain(part));
            }
        }
    }

    private static TestCaseData Case(Layer layer, TensorShape shape, params string[] parts) =>
        new TestCaseData(layer, shape, parts).SetArgDisplayNames(parts[0], shape.ToString());
}
