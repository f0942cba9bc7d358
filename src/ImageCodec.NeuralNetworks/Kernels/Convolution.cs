using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Convolutions, forward, transposed and the gradient by the weights. Weights lie as (kernel row, kernel column, input, output).
/// </summary>
/// <remarks>
/// Forward and transposed: each output is its bias and then one chain of fused multiply-adds over kernel row, kernel column and
/// channel of the input read, in ascending order of the input's row, column and channel, zeros of the padding included.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>
    /// Transposed convolutions whose block of s × s output pixels has at most this many values compute the whole block at once;
    /// the extra taps of zeros cost less than mostly empty vectors.
    /// </summary>
    private const int MaxBlockValues = 16;

    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    /// <param name="backend">Whose vectors.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bias">What sums start from.</param>
    /// <param name="old">Panels of this convolution to be filled anew, or null.</param>
    public static WeightPanels PackForward(
        Backend backend, in ConvolutionGeometry geometry, float* weights, ReadOnlySpan<float> bias, WeightPanels? old = null)
    {
        int taps = geometry.Kernel * geometry.Kernel;
        WeightPanels panels = old ?? new WeightPanels(backend, taps * geometry.Inputs, geometry.Outputs);
        Span<int> starts = stackalloc int[taps];
        for (int tap = 0; tap < taps; tap++)
        {
            starts[tap] = tap * geometry.Inputs * geometry.Outputs;
        }

        panels.SetWeights(weights, starts, geometry.Inputs, geometry.Outputs, 0, geometry.Outputs, 1);
        panels.SetBias(0, bias);
        return panels;
    }

    /// <summary>The convolution of <paramref name="input"/>; its shape and channels have been checked.</summary>
    public static Tensor Forward(ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels panels, Tensor input, bool relu)
    {
        int padding = geometry.Padding;
        Tensor padded = Padding.Add(scope, input, padding, padding, padding, padding);
        Tensor output = scope.Create(input.Count, geometry.Convolve(input.Shape));
        DenseConvolution work = new()
        {
            Panels = panels,
            Input = padded.Data,
            InputPictureStep = padded.PictureLength,
            InputRowPitch = (nint)padded.Width * padded.Channels,
            InputRowStep = (nint)geometry.Stride * padded.Width * padded.Channels,
            InputPixelStep = (nint)geometry.Stride * padded.Channels,
            InputChannels = padded.Channels,
            KernelRows = geometry.Kernel,
            KernelColumns = geometry.Kernel,
            Output = output.Data,
            OutputPictureStep = output.PictureLength,
            OutputRowStep = (nint)output.Width * output.Channels,
            OutputPixelStep = output.Channels,
            Pictures = input.Count,
            Rows = output.Height,
            Columns = output.Width,
            Relu = relu,
        };
        DenseConvolution.Run(scope, [work]);
        if (padded != input)
        {
            scope.Release(padded);
        }

        return output;
    }

    /// <summary>Packs weights for <see cref="Transpose"/>: one set of panels, or one for each of s × s phases of the output.</summary>
    /// <inheritdoc cref="PackForward"/>
    public static WeightPanels[] PackTransposed(
        Backend backend, in ConvolutionGeometry geometry, float* weights, ReadOnlySpan<float> bias, WeightPanels[]? old = null)
    {
        int stride = geometry.Stride;
        bool blocks = ComputesBlocks(geometry);
        int window = Window(geometry, 0);
        WeightPanels[] result = old ?? new WeightPanels[blocks ? 1 : stride * stride];
        Span<int> taps = stackalloc int[window * window];
        for (int phase = 0; phase < stride * stride; phase++)
        {
            int rowPhase = phase / stride;
            int columnPhase = phase % stride;
            int rows = blocks ? window : Window(geometry, rowPhase);
            int columns = blocks ? window : Window(geometry, columnPhase);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    int kernelRow = rowPhase + stride * (rows - 1 - row);
                    int kernelColumn = columnPhase + stride * (columns - 1 - column);
                    taps[row * columns + column] = kernelRow < geometry.Kernel && kernelColumn < geometry.Kernel
                        ? (kernelRow * geometry.Kernel + kernelColumn) * geometry.Inputs * geometry.Outputs
                        : -1;
                }
            }

            int set = blocks ? 0 : phase;
            int firstColumn = blocks ? phase * geometry.Inputs : 0;
            result[set] ??= new WeightPanels(backend, rows * columns * geometry.Outputs, blocks ? stride * stride * geometry.Inputs : geometry.Inputs);
            result[set].SetWeights(weights, taps[..(rows * columns)], geometry.Outputs, 1, firstColumn, geometry.Inputs, geometry.Outputs);
            result[set].SetBias(firstColumn, bias);
        }

        return result;
    }

    /// <summary>The transposed convolution of <paramref name="input"/>, as s × s convolutions, one for each phase of the output.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="geometry">The convolution that this is the transpose of.</param>
    /// <param name="panels">From <see cref="PackTransposed"/>.</param>
    /// <param name="input">What is read.</param>
    /// <param name="outputShape">What is written; any size, places that no input reaches hold the bias.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static Tensor Transpose(
        ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels[] panels, Tensor input, TensorShape outputShape, bool relu)
    {
        int stride = geometry.Stride;
        bool blocks = ComputesBlocks(geometry);
        int window = Window(geometry, 0);

        // Output row o belongs to block m = (o + padding) / s and phase (o + padding) % s; it reads input rows m − taps + 1 … m.
        int firstBlock = geometry.Padding / stride;
        int lastBlockRow = (outputShape.Height - 1 + geometry.Padding) / stride;
        int lastBlockColumn = (outputShape.Width - 1 + geometry.Padding) / stride;
        int before = Math.Max(0, window - 1 - firstBlock);
        Tensor padded = Padding.Add(
            scope, input, before, before, Math.Max(0, lastBlockRow + 1 - input.Height), Math.Max(0, lastBlockColumn + 1 - input.Width));
        Tensor output = scope.Create(input.Count, outputShape);
        DenseConvolution work = new()
        {
            InputPictureStep = padded.PictureLength,
            InputRowPitch = (nint)padded.Width * padded.Channels,
            InputRowStep = (nint)padded.Width * padded.Channels,
            InputPixelStep = padded.Channels,
            InputChannels = padded.Channels,
            OutputPictureStep = output.PictureLength,
            OutputRowStep = (nint)stride * output.Width * output.Channels,
            OutputPixelStep = (nint)stride * output.Channels,
            Pictures = input.Count,
            Relu = relu,
        };
        DenseConvolution[] phases = new DenseConvolution[panels.Length];
        for (int phase = 0; phase < panels.Length; phase++)
        {
            (int rowPhase, int columnPhase) = (phase / stride, phase % stride);
            int firstRow = blocks ? firstBlock : FirstBlock(geometry, rowPhase);
            int firstColumn = blocks ? firstBlock : FirstBlock(geometry, columnPhase);
            work.Panels = panels[phase];
            work.KernelRows = blocks ? window : Window(geometry, rowPhase);
            work.KernelColumns = blocks ? window : Window(geometry, columnPhase);
            work.Rows = (blocks ? lastBlockRow : LastBlock(geometry, rowPhase, outputShape.Height)) + 1 - firstRow;
            work.Columns = (blocks ? lastBlockColumn : LastBlock(geometry, columnPhase, outputShape.Width)) + 1 - firstColumn;
            int inputRow = firstRow - (work.KernelRows - 1) + before;
            int inputColumn = firstColumn - (work.KernelColumns - 1) + before;
            work.Input = padded.Data + inputRow * work.InputRowPitch + (nint)inputColumn * padded.Channels;
            int outputRow = stride * firstRow + rowPhase - geometry.Padding;
            int outputColumn = stride * firstColumn + columnPhase - geometry.Padding;
            if (blocks)
            {
                work.Blocks = new BlockScatter
                {
                    Output = output.Data,
                    Shape = outputShape,
                    BlockSide = stride,
                    FirstRow = outputRow,
                    FirstColumn = outputColumn,
                };
            }
            else
            {
                work.Output = output.Data + ((nint)outputRow * output.Width + outputColumn) * output.Channels;
            }

            phases[phase] = work;
        }

        DenseConvolution.Run(scope, phases);

        if (padded != input)
        {
            scope.Release(padded);
        }

        return output;
    }

    private static bool ComputesBlocks(in ConvolutionGeometry geometry) =>
        geometry.Stride * geometry.Stride * geometry.Inputs <= MaxBlockValues;

    /// <summary>Taps of one phase, one way: kernel places phase, phase + s, …</summary>
    private static int Window(in ConvolutionGeometry geometry, int phase) => (geometry.Kernel - phase + geometry.Stride - 1) / geometry.Stride;

    /// <summary>The first block whose pixel of this phase lies inside the output.</summary>
    private static int FirstBlock(in ConvolutionGeometry geometry, int phase) =>
        (Math.Max(0, geometry.Padding - phase) + geometry.Stride - 1) / geometry.Stride;

    private static int LastBlock(in ConvolutionGeometry geometry, int phase, int side)
    {
        int last = side - 1 + geometry.Padding - phase;
        return last < 0 ? -1 : last / geometry.Stride;
    }
}
