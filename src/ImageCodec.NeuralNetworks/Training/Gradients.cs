using System.Numerics;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>
/// The way back through what layers share. Decoding never goes it; training does, and the encoder where it refines a latent.
/// </summary>
/// <remarks>
/// Gradients by values come of operations on single values, so refined files are the same everywhere. Sums over places, which are gradients by
/// parameters, are grouped as is fastest, and differ with the vector width.
/// </remarks>
internal static unsafe class Gradients
{
    /// <summary>Places whose sums are joined in single precision; those of more are joined in double.</summary>
    private const int PlacesPerRun = 256;

    /// <summary>Values that one piece of work goes through; fixed, so that results do not depend on the number of threads.</summary>
    private const int ValuesPerPiece = 1 << 17;

    /// <summary>Adds what flowed back to a tensor to its gradient, and takes it over.</summary>
    public static void Accumulate(ComputeScope scope, Tensor tensor, Tensor back)
    {
        if (tensor.Gradient is null)
        {
            tensor.Gradient = back;
            return;
        }

        ElementwiseSum.Add(scope, tensor.Gradient, back);
        scope.Release(back);
    }

    /// <summary>
    /// Turns the gradient by an activation's result into that by its argument, in place, and adds the sum over pictures and
    /// places of each channel to <paramref name="sums"/>: the gradient by the bias.
    /// </summary>
    public static void ThroughActivation(ComputeScope scope, Activation activation, Tensor output, Tensor gradient, Span<float> sums)
    {
        // Whole vectors, whatever the channels: as many places at once as make up a multiple of a vector.
        int channels = output.Channels;
        int powerOfTwo = channels & -channels;
        int width = channels * Math.Max(1, Vector<float>.Count / powerOfTwo);
        int rows = (int)(output.Length / width);
        int rowsPerPiece = Math.Max(1, ValuesPerPiece / width);
        int pieces = (rows + rowsPerPiece - 1) / rowsPerPiece;
        double[] pieceSums = new double[pieces * width];
        scope.ForRanges(pieces, (double)rowsPerPiece * width / 4, (first, last) =>
        {
            for (int piece = first; piece < last; piece++)
            {
                int firstRow = piece * rowsPerPiece;
                AddRows(activation, output.Data, gradient.Data, firstRow, Math.Min(rows, firstRow + rowsPerPiece), pieceSums.AsSpan(piece * width, width));
            }
        });

        Span<double> exact = channels <= 1024 ? stackalloc double[channels] : new double[channels];
        exact.Clear();
        for (int i = 0; i < pieceSums.Length; i++)
        {
            exact[i % channels] += pieceSums[i];
        }

        for (nint i = (nint)rows * width; i < output.Length; i++)
        {
            gradient.Data[i] = Through(activation, output.Data[i], gradient.Data[i]);
            exact[(int)(i % channels)] += gradient.Data[i];
        }

        for (int channel = 0; channel < channels; channel++)
        {
            sums[channel] += (float)exact[channel];
        }
    }

    private static void AddRows(Activation activation, float* values, float* gradients, int firstRow, int lastRow, Span<double> sums)
    {
        int width = sums.Length;
        float[] partial = new float[width];
        fixed (float* sum = partial)
        {
            for (int run = firstRow; run < lastRow; run += PlacesPerRun)
            {
                partial.AsSpan().Clear();
                for (int row = run; row < Math.Min(lastRow, run + PlacesPerRun); row++)
                {
                    float* y = values + (nint)row * width;
                    float* g = gradients + (nint)row * width;
                    for (int i = 0; i < width; i += Vector<float>.Count)
                    {
                        Vector<float> gradient = Vector.Load(g + i);
                        if (activation != Activation.None)
                        {
                            Vector<float> value = Vector.Load(y + i);
                            gradient = activation == Activation.Relu
                                ? Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), gradient, Vector<float>.Zero)
                                : gradient * (value * (Vector<float>.One - value));
                            gradient.Store(g + i);
                        }

                        (Vector.Load(sum + i) + gradient).Store(sum + i);
                    }
                }

                for (int i = 0; i < width; i++)
                {
                    sums[i] += partial[i];
                }
            }
        }
    }

    private static float Through(Activation activation, float value, float gradient) => activation switch
    {
        Activation.Relu => value > 0 ? gradient : 0,
        Activation.Sigmoid => gradient * (value * (1 - value)),
        _ => gradient,
    };
}
