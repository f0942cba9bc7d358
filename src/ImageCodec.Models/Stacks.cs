using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models;

/// <summary>How the architectures put layers together, and how to go through them.</summary>
internal static class Stacks
{
    /// <summary>A network whose parameters are called «encoder.…».</summary>
    public static Sequential Encoder(params (string, Layer)[] layers) => new(("encoder", new Sequential(layers)));

    /// <summary>A network whose parameters are called «decoder.…».</summary>
    public static Sequential Decoder(params (string, Layer)[] layers) => new(("decoder", new Sequential(layers)));

    /// <summary>A convolution that keeps the sides, or divides them by the stride.</summary>
    public static ConvolutionLayer Convolve(int inputs, int outputs, int kernel, int stride, Activation activation = Activation.Relu) =>
        ConvolutionLayer.Convolve(inputs, outputs, kernel, stride, kernel / 2, activation);

    /// <summary>A transposed convolution that doubles the sides.</summary>
    public static ConvolutionLayer Transpose(int inputs, int outputs, int kernel, Activation activation) =>
        ConvolutionLayer.Transpose(inputs, outputs, kernel, 2, kernel / 2, 1, activation);

    /// <summary>Every convolution in a layer.</summary>
    public static IEnumerable<ConvolutionLayer> Convolutions(this Layer layer) => layer switch
    {
        ConvolutionLayer convolution => [convolution],
        ResidualBlock block => block.Inner.Convolutions(),
        Sequential sequential => sequential.Layers.SelectMany(Convolutions),
        _ => [],
    };

    /// <summary>The layers in a layer that hold parameters, residual blocks in one piece.</summary>
    public static IEnumerable<Layer> Blocks(this Layer layer) => layer is Sequential sequential
        ? sequential.Layers.SelectMany(Blocks)
        : layer.Parameters.Any() ? [layer] : [];
}
