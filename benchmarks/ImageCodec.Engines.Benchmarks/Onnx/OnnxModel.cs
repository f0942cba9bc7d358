using System.Runtime.InteropServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>
/// Writes layers as an ONNX model, in planes as ONNX has them. Numbers of fields are those of onnx.proto, operators those of version 17.
/// </summary>
internal sealed class OnnxModel
{
    public const string InputName = "input";
    public const string OutputName = "output";

    private const int FormatVersion = 8;
    private const int OperatorVersion = 17;
    private const int FloatType = 1;
    private const int Int64Type = 7;

    private readonly ProtobufMessage _graph = new();
    private readonly int _count;
    private int _names;

    private OnnxModel(int count) => _count = count;

    /// <summary>The model of some layers for a number of pictures of one shape.</summary>
    public static byte[] ToBytes(ForwardCase forward)
    {
        OnnxModel model = new(forward.Count);
        string last = model.AddLayer(forward.Layer, InputName, forward.Input);
        model.AddNode("Identity", [last], OutputName);
        model._graph
            .Add(2, "layers")
            .Add(11, Description(InputName, Sides(forward.Count, forward.Input)))
            .Add(12, Description(OutputName, Sides(forward.Count, forward.Output)));
        return new ProtobufMessage()
            .Add(1, FormatVersion)
            .Add(7, model._graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorVersion))
            .ToBytes();
    }

    /// <summary>The sides of a batch in planes.</summary>
    public static long[] Sides(int count, TensorShape shape) => [count, shape.Channels, shape.Height, shape.Width];

    /// <summary>Adds the nodes of a layer and returns the name of what they give.</summary>
    private string AddLayer(Layer layer, string input, TensorShape shape)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution:
                return AddConvolution(convolution, input, shape);
            case ResidualBlock block:
                string sum = AddLayer(block.Inner, input, shape);
                return AddNode("Add", [sum, AddFirstChannels(input, shape.Channels, layer.OutputShape(shape).Channels)]);
            case Sequential sequence:
                foreach (Layer inner in sequence.Layers)
                {
                    input = AddLayer(inner, input, shape);
                    shape = inner.OutputShape(shape);
                }

                return input;
            case MaxPooling:
                return AddNode("MaxPool", [input], null, ("kernel_shape", [2, 2]), ("strides", [2, 2]));
            case SpaceToDepth blocks:
                return AddNode("SpaceToDepth", [input], null, ("blocksize", [blocks.Side]));
            case DepthToSpace blocks:
                // The usual mode has channels as (row, column, channel), as the library has them.
                return AddNode("DepthToSpace", [input], null, ("blocksize", [blocks.Side]));
            default:
                throw new NotSupportedException($"There is no ONNX operator for the layer «{layer.GetType().Name}».");
        }
    }

    private string AddConvolution(ConvolutionLayer layer, string input, TensorShape shape)
    {
        ConvolutionGeometry geometry = layer.Geometry;
        float[] weights = ConvolutionWeights.InPlanes(layer);
        string bias = AddTensor([layer.Bias.Length], FloatType, MemoryMarshal.AsBytes(layer.Bias.Values));
        string sum;
        if (ConvolutionWeights.IsLinear(layer, shape))
        {
            string matrix = AddTensor([geometry.Outputs, weights.Length / geometry.Outputs], FloatType, MemoryMarshal.AsBytes<float>(weights));
            string product = AddNode("Gemm", [AddNode("Flatten", [input]), matrix, bias], null, ("transB", [1]));
            sum = AddNode("Reshape", [product, AddNumbers(Sides(_count, layer.OutputShape(shape)))]);
        }
        else
        {
            string kernel = AddTensor(
                [geometry.Outputs, geometry.Inputs, geometry.Kernel, geometry.Kernel], FloatType, MemoryMarshal.AsBytes<float>(weights));
            (string, long[])[] attributes =
            [
                ("kernel_shape", [geometry.Kernel, geometry.Kernel]),
                ("strides", [geometry.Stride, geometry.Stride]),
                ("pads", [geometry.Padding, geometry.Padding, geometry.Padding, geometry.Padding]),
            ];
            sum = layer.IsTransposed
                ? AddNode("ConvTranspose", [input, kernel, bias], null, [.. attributes, ("output_padding", [layer.OutputPadding, layer.OutputPadding])])
                : AddNode("Conv", [input, kernel, bias], null, attributes);
        }

        return layer.Activation == Activation.None ? sum : AddNode(layer.Activation.ToString(), [sum]);
    }

    private string AddFirstChannels(string input, int channels, int first) => channels == first
        ? input
        : AddNode("Slice", [input, AddNumbers([0]), AddNumbers([first]), AddNumbers([1])]);

    private string AddNumbers(long[] values) => AddTensor([values.Length], Int64Type, MemoryMarshal.AsBytes<long>(values));

    private string AddTensor(long[] sides, int type, ReadOnlySpan<byte> values)
    {
        string name = $"tensor{_names++}";
        _graph.Add(5, new ProtobufMessage()
            .AddAll(1, sides, (message, field, side) => message.Add(field, side))
            .Add(2, type)
            .Add(8, name)
            .Add(9, values));
        return name;
    }

    /// <summary>Adds a node with one output, and gives that a name unless it has one.</summary>
    private string AddNode(string kind, string[] inputs, string? output = null, params (string Name, long[] Values)[] attributes)
    {
        output ??= $"map{_names++}";
        _graph.Add(1, new ProtobufMessage()
            .AddAll(1, inputs, (message, field, input) => message.Add(field, input))
            .Add(2, output)
            .Add(4, kind)
            .AddAll(5, attributes, (message, field, attribute) => message.Add(field, Attribute(attribute.Name, attribute.Values))));
        return output;
    }

    /// <summary>An attribute of whole numbers. None of the operators here has a list of one.</summary>
    private static ProtobufMessage Attribute(string name, long[] values)
    {
        const int Single = 2;
        const int List = 7;
        ProtobufMessage message = new ProtobufMessage().Add(1, name);
        return values.Length == 1
            ? message.Add(3, values[0]).Add(20, Single)
            : message.AddAll(8, values, (inner, field, value) => inner.Add(field, value)).Add(20, List);
    }

    private static ProtobufMessage Description(string name, long[] sides)
    {
        ProtobufMessage shape = new ProtobufMessage().AddAll(1, sides, (message, field, side) => message.Add(field, new ProtobufMessage().Add(1, side)));
        ProtobufMessage tensor = new ProtobufMessage().Add(1, FloatType).Add(2, shape);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }
}
