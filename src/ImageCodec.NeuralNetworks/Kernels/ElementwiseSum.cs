using System.Numerics;
using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// Sums of two values each. Decoding uses them: a result is one addition of two floats, rounded once, so its bits depend neither on the vector width
/// nor on the order of the elements nor on the threads.
/// </summary>
internal static unsafe class ElementwiseSum
{
    /// <summary>target += addend.</summary>
    public static void Add(ComputeScope scope, Tensor target, Tensor addend)
    {
        int vectors = (int)(target.Length / Vector<float>.Count);
        scope.ForRanges(vectors, 2, (first, last) =>
        {
            for (nint i = (nint)first * Vector<float>.Count; i < (nint)last * Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(target.Data + i) + Vector.Load(addend.Data + i)).Store(target.Data + i);
            }
        });
        for (nint i = (nint)vectors * Vector<float>.Count; i < target.Length; i++)
        {
            target.Data[i] += addend.Data[i];
        }
    }

    /// <summary>target += addend, for so many channels of each, from one on.</summary>
    public static void AddChannels(ComputeScope scope, Tensor target, int firstTarget, Tensor addend, int firstAddend, int channels)
    {
        if (target.Channels == channels && addend.Channels == channels)
        {
            Add(scope, target, addend);
            return;
        }

        scope.ForRanges(target.Count * target.Height, (double)target.Width * channels, (first, last) =>
        {
            for (nint place = (nint)first * target.Width; place < (nint)last * target.Width; place++)
            {
                AddTo(
                    new Span<float>(target.Data + place * target.Channels + firstTarget, channels),
                    new ReadOnlySpan<float>(addend.Data + place * addend.Channels + firstAddend, channels));
            }
        });
    }

    /// <summary>sum += addend, on one thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(Span<float> sum, ReadOnlySpan<float> addend)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(sum[i..]) + new Vector<float>(addend[i..])).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += addend[i];
        }
    }
}
