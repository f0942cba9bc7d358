using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>A layer or a whole network to compute forward.</summary>
/// <param name="Layer">The layers.</param>
/// <param name="Input">The shape of a picture that it reads.</param>
/// <param name="Count">Pictures.</param>
/// <param name="IsForHalf">Whether the library computes it at one field of a checkerboard only; others have no such convolution.</param>
internal sealed record ForwardCase(Layer Layer, TensorShape Input, int Count, bool IsForHalf = false)
{
    /// <summary>The field that is computed where it is one only: places where row + column is odd.</summary>
    public const int Half = 1;

    /// <summary>The shape of a picture that it gives, at all places.</summary>
    public TensorShape Output => Layer.OutputShape(Input);

    /// <summary>What is read, the same for all engines, channels side by side.</summary>
    public float[] CreateInput()
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked(Count * Input.Length));
        RandomSource random = new(1);
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextSingle();
        }

        return values;
    }

    /// <summary>What was read, in planes, one for each channel.</summary>
    public float[] CreateInputPlanes()
    {
        float[] places = CreateInput();
        float[] planes = GC.AllocateUninitializedArray<float>(places.Length, pinned: true);
        int size = Input.Height * Input.Width;
        for (int i = 0; i < places.Length; i++)
        {
            (int place, int channel) = Math.DivRem(i, Input.Channels);
            (int picture, int inPicture) = Math.DivRem(place, size);
            planes[(picture * Input.Channels + channel) * size + inPicture] = places[i];
        }

        return planes;
    }

    /// <summary>An engine's output in planes as the library has it: channels side by side, and the field only if it is for one.</summary>
    public float[] OutputFromPlanes(ReadOnlySpan<float> planes)
    {
        TensorShape shape = Output;
        int step = IsForHalf ? 2 : 1;
        float[] places = GC.AllocateUninitializedArray<float>(planes.Length / step);
        int next = 0;
        for (int picture = 0; picture < Count; picture++)
        {
            for (int row = 0; row < shape.Height; row++)
            {
                for (int column = IsForHalf ? (row + Half) % 2 : 0; column < shape.Width; column += step)
                {
                    for (int channel = 0; channel < shape.Channels; channel++)
                    {
                        places[next++] = planes[((picture * shape.Channels + channel) * shape.Height + row) * shape.Width + column];
                    }
                }
            }
        }

        return places;
    }
}
