using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>One step of <see cref="FusedLayers"/>: a convolution, and what follows it at once.</summary>
/// <param name="layer">The convolution; not a transposed one.</param>
/// <param name="input">The shape that it reads.</param>
internal sealed class FusedStage(ConvolutionLayer layer, TensorShape input)
{
    private ConvolutionGeometry Geometry => layer.Geometry;

    public ConvolutionLayer Layer => layer;

    public TensorShape Input => input;

    /// <summary>The shape that the convolution gives, before pooling.</summary>
    public TensorShape Convolved { get; } = layer.OutputShape(input);

    /// <summary>Whether the largest of each 2×2 places is taken.</summary>
    public bool Pools { get; init; }

    /// <summary>The stage whose input, its first channels, is added to what comes out, or −1.</summary>
    public int AddsInputOf { get; init; } = -1;

    /// <summary>The shape that comes out.</summary>
    public TensorShape Output => Pools ? new TensorShape(Convolved.Height / 2, Convolved.Width / 2, Convolved.Channels) : Convolved;

    /// <summary>Whether it has so few channels that it reads places side by side; see <see cref="NarrowKernel"/>.</summary>
    public bool IsNarrow => Geometry.Stride == 1 && Geometry.Outputs <= NarrowKernel.MaxOutputs;

    /// <summary>Places of zeros before each row of what it reads.</summary>
    public int Before => Geometry.Padding;

    /// <summary>Places of a row with the zeros around it.</summary>
    public int PaddedWidth => Math.Max(input.Width + Before, (Convolved.Width - 1) * Geometry.Stride + Geometry.Kernel);

    public double Operations => (double)Convolved.Height * Convolved.Width * Geometry.WeightCount;

    /// <summary>The rows that are read for some rows of the output, those beyond the edges, which are zero, included.</summary>
    public (int First, int End) InputRows(int first, int end)
    {
        int scale = Pools ? 2 : 1;
        int start = first * scale * Geometry.Stride - Geometry.Padding;
        return (start, (end * scale - 1) * Geometry.Stride - Geometry.Padding + Geometry.Kernel);
    }
}
