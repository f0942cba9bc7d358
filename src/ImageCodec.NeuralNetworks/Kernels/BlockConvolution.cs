using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Convolutions to so few channels that they fill no vector, forward and transposed: they compute a block of s × s output pixels
/// as the channels of one place, over the window that the block needs. The taps of zeros that this adds to each pixel's sum cost
/// less than mostly empty vectors and change nothing in it.
/// </summary>
internal static unsafe class BlockConvolution
{
    /// <summary>Blocks are worth it where they have at most this many values.</summary>
    private const int MaxBlockValues = 16;

    /// <summary>The side of a forward convolution's blocks: larger ones of three channels fit no vector of 16, longer ones have larger windows.</summary>
    private const int ForwardSide = 2;

    public static bool IsWorthForward(in ConvolutionGeometry geometry) =>
        geometry.Stride == 1 && ForwardSide * ForwardSide * geometry.Outputs <= MaxBlockValues;

    public static bool IsWorthTransposed(in ConvolutionGeometry geometry) =>
        geometry.Stride * geometry.Stride * geometry.Inputs <= MaxBlockValues;

    /// <inheritdoc cref="Convolution.PackForward"/>
    public static WeightPanels PackForward(
        Backend backend, in ConvolutionGeometry geometry, float* weights, ReadOnlySpan<float> bias, WeightPanels? old) =>
        Pack(backend, geometry, BlockLayout.ForForward(geometry, ForwardSide), weights, bias, old);

    /// <inheritdoc cref="Convolution.PackTransposed"/>
    public static WeightPanels PackTransposed(
        Backend backend, in ConvolutionGeometry geometry, float* weights, ReadOnlySpan<float> bias, WeightPanels? old) =>
        Pack(backend, geometry, BlockLayout.ForTransposed(geometry), weights, bias, old);

    /// <summary>The convolution of <paramref name="input"/> into <paramref name="output"/>.</summary>
    public static void Forward(ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels panels, Tensor input, Tensor output, bool relu) =>
        Run(scope, BlockLayout.ForForward(geometry, ForwardSide), panels, input, output, relu);

    /// <summary>The transposed convolution of <paramref name="input"/> into <paramref name="output"/>.</summary>
    public static void Transpose(ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels panels, Tensor input, Tensor output, bool relu)
    {
        BlockLayout layout = BlockLayout.ForTransposed(geometry);
        int columns = layout.BlockCount(output.Width);
        if (columns < NarrowTranspose.MinColumns || input.Channels < NarrowTranspose.MinChannels)
        {
            Run(scope, layout, panels, input, output, relu);
            return;
        }

        new NarrowTranspose
        {
            Panels = panels,
            Window = layout.Window,
            FirstInput = layout.FirstInput,
            Rows = layout.BlockCount(output.Height),
            Columns = columns,
            Blocks = Scatter(layout, output),
            Relu = relu,
        }.Run(scope, input);
    }

    /// <summary>Packs weights with the values of a block as columns, over the window that the block needs.</summary>
    private static WeightPanels Pack(
        Backend backend, in ConvolutionGeometry geometry, in BlockLayout layout, float* weights, ReadOnlySpan<float> bias, WeightPanels? old)
    {
        // Weights lie as (kernel row, kernel column, input, output) of the forward convolution.
        (int reads, int readStep, int writes, int writeStep) = layout.IsTransposed
            ? (geometry.Outputs, 1, geometry.Inputs, geometry.Outputs)
            : (geometry.Inputs, geometry.Outputs, geometry.Outputs, 1);
        Span<int> taps = stackalloc int[layout.Window * layout.Window];
        int places = layout.Side * layout.Side;
        WeightPanels panels = old ?? new WeightPanels(backend, taps.Length * reads, places * writes);
        for (int place = 0; place < places; place++)
        {
            for (int tap = 0; tap < taps.Length; tap++)
            {
                int row = layout.KernelRow(geometry, tap / layout.Window, place / layout.Side);
                int column = layout.KernelRow(geometry, tap % layout.Window, place % layout.Side);
                taps[tap] = row >= 0 && column >= 0 ? geometry.Tap(row, column) : -1;
            }

            panels.SetWeights(weights, taps, reads, readStep, place * writes, writes, writeStep);
            panels.SetBias(place * writes, bias);
        }

        return panels;
    }

    private static BlockScatter Scatter(in BlockLayout layout, Tensor output) =>
        new() { Output = output.Data, Shape = output.Shape, BlockSide = layout.Side, FirstRow = -layout.Before, FirstColumn = -layout.Before };

    private static void Run(ComputeScope scope, in BlockLayout layout, WeightPanels panels, Tensor input, Tensor output, bool relu)
    {
        DenseConvolution work = new()
        {
            Panels = panels,
            KernelRows = layout.Window,
            KernelColumns = layout.Window,
            Rows = layout.BlockCount(output.Height),
            Columns = layout.BlockCount(output.Width),
            Blocks = Scatter(layout, output),
            Relu = relu,
        };
        PaddedConvolution.Run(scope, work, input, layout.FirstInput, layout.InputStep);
    }
}
