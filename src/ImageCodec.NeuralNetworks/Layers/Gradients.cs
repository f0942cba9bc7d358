using System.Numerics;
using System.Runtime.InteropServices;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>The small sums of backward passes. Only training uses them, so their sums may be grouped as is fastest.</summary>
internal static unsafe class Gradients
{
    /// <summary>target += addend.</summary>
    public static void Add(Tensor target, Tensor addend)
    {
        nint i = 0;
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(target.Data + i) + Vector.Load(addend.Data + i)).Store(target.Data + i);
        }

        for (; i < target.Length; i++)
        {
            target.Data[i] += addend.Data[i];
        }
    }

    /// <summary>Adds what flowed back to a tensor to its gradient, and takes it over.</summary>
    public static void Accumulate(ComputeScope scope, Tensor tensor, Tensor back)
    {
        if (tensor.Gradient is null)
        {
            tensor.Gradient = back;
            return;
        }

        Add(tensor.Gradient, back);
        scope.Release(back);
    }

    /// <summary>From the gradient by an activation's result to that by its argument, in place.</summary>
    public static void ThroughActivation(ComputeScope scope, Activation activation, Tensor output, Tensor gradient)
    {
        if (activation == Activation.None)
        {
            return;
        }

        scope.For(output.Count, picture =>
        {
            float* y = output.Data + picture * output.PictureLength;
            float* g = gradient.Data + picture * output.PictureLength;
            nint i = 0;
            for (; i <= output.PictureLength - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> value = Vector.Load(y + i);
                Vector<float> slope = activation == Activation.Relu
                    ? Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero)
                    : value * (Vector<float>.One - value);
                (Vector.Load(g + i) * slope).Store(g + i);
            }

            for (; i < output.PictureLength; i++)
            {
                g[i] *= activation == Activation.Relu ? (y[i] > 0 ? 1 : 0) : y[i] * (1 - y[i]);
            }
        });
    }

    /// <summary>sums[c] += Σ over pictures and places of the values of channel c.</summary>
    public static void AddSumOverPlaces(Tensor tensor, Span<float> sums)
    {
        int channels = tensor.Channels;
        nint places = tensor.Length / channels;
        Span<double> exact = channels <= 1024 ? stackalloc double[channels] : new double[channels];
        exact.Clear();
        Span<float> partial = channels <= 1024 ? stackalloc float[channels] : new float[channels];

        // Short runs in single precision, joined in double: fast, and as exact as the values are.
        const int Run = 256;
        for (nint first = 0; first < places; first += Run)
        {
            partial.Clear();
            for (nint place = first; place < Math.Min(places, first + Run); place++)
            {
                AddRow(partial, tensor.Data + place * channels);
            }

            for (int c = 0; c < channels; c++)
            {
                exact[c] += partial[c];
            }
        }

        for (int c = 0; c < channels; c++)
        {
            sums[c] += (float)exact[c];
        }
    }

    private static void AddRow(Span<float> sums, float* row)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (int v = 0; v < vectors.Length; v++)
        {
            vectors[v] += Vector.Load(row + v * Vector<float>.Count);
        }

        for (int c = vectors.Length * Vector<float>.Count; c < sums.Length; c++)
        {
            sums[c] += row[c];
        }
    }
}
