using System.Runtime.InteropServices;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Convolutions some of whose windows reach beyond the input. In large maps only those read a copy with zeros around it: to
/// copy all took a fifth of a narrow convolution's time.
/// </summary>
internal static unsafe class PaddedConvolution
{
    /// <summary>Where fewer windows than this lie inside one way, everything is copied: edges for themselves would fill tiles badly.</summary>
    private const int MinInside = 64;

    /// <summary>Runs a convolution.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="work">What to do, but for where the input lies.</param>
    /// <param name="input">What is read.</param>
    /// <param name="first">The input row and column where the first window begins; may be negative.</param>
    /// <param name="step">Input rows and columns from one window to the next.</param>
    public static void Run(ComputeScope scope, in DenseConvolution work, Tensor input, int first, int step)
    {
        (int top, int bottom) = Inside(work.Rows, first, step, work.KernelRows, input.Height);
        (int left, int right) = Inside(work.Columns, first, step, work.KernelColumns, input.Width);
        if (bottom - top < MinInside || right - left < MinInside)
        {
            (top, bottom) = (work.Rows, work.Rows);
        }

        List<DenseConvolution> parts = [];
        List<Tensor> copies = [];
        Add(top, bottom, left, right, work);
        Add(0, top, 0, work.Columns, work);
        Add(bottom, work.Rows, 0, work.Columns, work);
        Add(top, bottom, 0, left, work);
        Add(top, bottom, right, work.Columns, work);
        DenseConvolution.Run(scope, CollectionsMarshal.AsSpan(parts));
        foreach (Tensor copy in copies)
        {
            scope.Release(copy);
        }

        void Add(int rowStart, int rowEnd, int columnStart, int columnEnd, in DenseConvolution whole)
        {
            if (rowStart < rowEnd && columnStart < columnEnd)
            {
                DenseConvolution part = whole.Part(rowStart, rowEnd - rowStart, columnStart, columnEnd - columnStart);
                Read(scope, ref part, input, first + rowStart * step, first + columnStart * step, step, copies);
                parts.Add(part);
            }
        }
    }

    /// <summary>Sets where a part reads, whose first window begins at a row and column: the input where all windows are inside, else a copy.</summary>
    private static void Read(ComputeScope scope, ref DenseConvolution part, Tensor input, int row, int column, int step, List<Tensor> copies)
    {
        int below = row + (part.Rows - 1) * step + part.KernelRows - input.Height;
        int behind = column + (part.Columns - 1) * step + part.KernelColumns - input.Width;
        Tensor source = input;
        if (row < 0 || column < 0 || below > 0 || behind > 0)
        {
            source = Padding.Add(scope, input, -row, -column, below, behind);
            copies.Add(source);
            (row, column) = (0, 0);
        }

        part.ReadFrom(source, row, column, step);
    }

    /// <summary>The first window that lies inside the input one way, and the first behind those.</summary>
    private static (int Start, int End) Inside(int windows, int first, int step, int window, int side)
    {
        int start = Math.Clamp((-first + step - 1) / step, 0, windows);
        int end = side < first + window ? 0 : (side - window - first) / step + 1;
        return (start, Math.Clamp(end, start, windows));
    }
}
