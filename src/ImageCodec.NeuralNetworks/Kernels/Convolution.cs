using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Convolutions, forward and transposed. Weights lie as (kernel row, kernel column, input, output).
/// </summary>
/// <remarks>
/// Each output is its bias and then one chain of fused multiply-adds over kernel row, kernel column and
/// channel of the input read, in ascending order of the input's row, column and channel, zeros of the padding included.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>Packs weights for <see cref="Forward"/>.</summary>
    /// <param name="backend">Whose vectors.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bias">What sums start from.</param>
    /// <param name="old">Panels of this convolution to be filled anew, or null.</param>
    public static WeightPanels PackForward(
        Backend backend, in ConvolutionGeometry geometry, float* weights, ReadOnlySpan<float> bias, WeightPanels? old = null)
    {
        if (BlockConvolution.IsWorthForward(geometry))
        {
            return BlockConvolution.PackForward(backend, geometry, weights, bias, old);
        }

        int taps = geometry.Kernel * geometry.Kernel;
        WeightPanels panels = old ?? new WeightPanels(backend, taps * geometry.Inputs, geometry.Outputs);
        Span<int> starts = stackalloc int[taps];
        for (int tap = 0; tap < taps; tap++)
        {
            starts[tap] = geometry.Tap(tap / geometry.Kernel, tap % geometry.Kernel);
        }

        panels.SetWeights(weights, starts, geometry.Inputs, geometry.Outputs, 0, geometry.Outputs, 1);
        panels.SetBias(0, bias);
        return panels;
    }

    /// <summary>The convolution of <paramref name="input"/>; its shape and channels have been checked.</summary>
    public static Tensor Forward(ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels panels, Tensor input, bool relu)
    {
        Tensor output = scope.Create(input.Count, geometry.Convolve(input.Shape));
        if (BlockConvolution.IsWorthForward(geometry))
        {
            BlockConvolution.Forward(scope, geometry, panels, input, output, relu);
            return output;
        }

        DenseConvolution work = new()
        {
            Panels = panels,
            KernelRows = geometry.Kernel,
            KernelColumns = geometry.Kernel,
            Rows = output.Height,
            Columns = output.Width,
            Relu = relu,
        };
        work.WriteTo(output, 0, 0, 1, 1);
        PaddedConvolution.Run(scope, work, input, -geometry.Padding, geometry.Stride);
        return output;
    }

    /// <summary>
    /// The convolution at the places of one half of a checkerboard, those where row + column + <paramref name="half"/> is even, as a map of half the width. It keeps
    /// the shape otherwise; the input's width is even, and its shape and channels have been checked.
    /// </summary>
    public static Tensor ForwardHalf(ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels panels, Tensor input, int half, bool relu)
    {
        int padding = geometry.Padding;
        Tensor padded = Padding.Add(scope, input, padding, padding, padding, padding);
        Tensor output = scope.Create(input.Count, new TensorShape(input.Height, input.Width / 2, geometry.Outputs));
        DenseConvolution[] everySecondRow = new DenseConvolution[2];
        for (int row = 0; row < everySecondRow.Length; row++)
        {
            everySecondRow[row] = new DenseConvolution
            {
                Panels = panels,
                KernelRows = geometry.Kernel,
                KernelColumns = geometry.Kernel,
                Rows = (output.Height + 1 - row) / 2,
                Columns = output.Width,
                Relu = relu,
            };
            everySecondRow[row].ReadFrom(padded, row, (row + half) & 1, 2);
            everySecondRow[row].WriteTo(output, row, 0, 2, 1);
        }

        DenseConvolution.Run(scope, everySecondRow);
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
        if (BlockConvolution.IsWorthTransposed(geometry))
        {
            return [BlockConvolution.PackTransposed(backend, geometry, weights, bias, old?[0])];
        }

        int stride = geometry.Stride;
        int window = Window(geometry, 0);
        WeightPanels[] result = old ?? new WeightPanels[stride * stride];
        Span<int> taps = stackalloc int[window * window];
        for (int phase = 0; phase < stride * stride; phase++)
        {
            (int rowPhase, int columnPhase) = (phase / stride, phase % stride);
            int rows = Window(geometry, rowPhase);
            int columns = Window(geometry, columnPhase);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    taps[row * columns + column] = geometry.Tap(rowPhase + stride * (rows - 1 - row), columnPhase + stride * (columns - 1 - column));
                }
            }

            result[phase] ??= new WeightPanels(backend, rows * columns * geometry.Outputs, geometry.Inputs);
            result[phase].SetWeights(weights, taps[..(rows * columns)], geometry.Outputs, 1, 0, geometry.Inputs, geometry.Outputs);
            result[phase].SetBias(0, bias);
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
        Tensor output = scope.Create(input.Count, outputShape);
        if (BlockConvolution.IsWorthTransposed(geometry))
        {
            BlockConvolution.Transpose(scope, geometry, panels[0], input, output, relu);
        }
        else
        {
            TransposePhases(scope, geometry, panels, input, output, relu);
        }

        return output;
    }

    private static void TransposePhases(
        ComputeScope scope, in ConvolutionGeometry geometry, WeightPanels[] panels, Tensor input, Tensor output, bool relu)
    {
        int stride = geometry.Stride;

        // Output row o belongs to place m = (o + padding) / s and phase (o + padding) % s; it reads input rows m − taps + 1 … m.
        int before = Math.Max(0, Window(geometry, 0) - 1 - geometry.Padding / stride);
        int lastRow = (output.Height - 1 + geometry.Padding) / stride;
        int lastColumn = (output.Width - 1 + geometry.Padding) / stride;
        Tensor padded = Padding.Add(
            scope, input, before, before, Math.Max(0, lastRow + 1 - input.Height), Math.Max(0, lastColumn + 1 - input.Width));
        DenseConvolution[] phases = new DenseConvolution[panels.Length];
        for (int phase = 0; phase < panels.Length; phase++)
        {
            (int rowPhase, int columnPhase) = (phase / stride, phase % stride);
            int firstRow = FirstPlace(geometry, rowPhase);
            int firstColumn = FirstPlace(geometry, columnPhase);
            int kernelRows = Window(geometry, rowPhase);
            int kernelColumns = Window(geometry, columnPhase);
            phases[phase] = new DenseConvolution
            {
                Panels = panels[phase],
                KernelRows = kernelRows,
                KernelColumns = kernelColumns,
                Rows = LastPlace(geometry, rowPhase, output.Height) + 1 - firstRow,
                Columns = LastPlace(geometry, columnPhase, output.Width) + 1 - firstColumn,
                Relu = relu,
            };
            phases[phase].ReadFrom(padded, firstRow - (kernelRows - 1) + before, firstColumn - (kernelColumns - 1) + before, 1);
            phases[phase].WriteTo(
                output, stride * firstRow + rowPhase - geometry.Padding, stride * firstColumn + columnPhase - geometry.Padding, stride, stride);
        }

        DenseConvolution.Run(scope, phases);
        if (padded != input)
        {
            scope.Release(padded);
        }
    }

    /// <summary>Taps of one phase, one way: kernel places phase, phase + s, …</summary>
    private static int Window(in ConvolutionGeometry geometry, int phase) => (geometry.Kernel - phase + geometry.Stride - 1) / geometry.Stride;

    /// <summary>The first place whose pixel of this phase lies inside the output.</summary>
    private static int FirstPlace(in ConvolutionGeometry geometry, int phase) =>
        (Math.Max(0, geometry.Padding - phase) + geometry.Stride - 1) / geometry.Stride;

    private static int LastPlace(in ConvolutionGeometry geometry, int phase, int side)
    {
        int last = side - 1 + geometry.Padding - phase;
        return last < 0 ? -1 : last / geometry.Stride;
    }
}
