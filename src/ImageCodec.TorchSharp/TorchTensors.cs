using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>Between the library's tensors, whose channels lie side by side, and TorchSharp's.</summary>
internal static class TorchTensors
{
    /// <summary>Makes a tensor of the library's values.</summary>
    /// <param name="values">Pictures one after another, each height × width × channels.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="shape">The shape of each.</param>
    /// <param name="device">Where the tensor goes.</param>
    /// <returns>[picture, channel, row, column].</returns>
    public static Tensor FromPlaces(ReadOnlySpan<float> values, int count, TensorShape shape, Device device)
    {
        Tensor places = tensor(values.ToArray(), [count, shape.Height, shape.Width, shape.Channels]);
        return places.to(device).permute(0, 3, 1, 2).contiguous();
    }

    /// <summary>The shape of each picture of a tensor, as the library has it.</summary>
    public static TensorShape Shape(Tensor tensor) => new((int)tensor.shape[2], (int)tensor.shape[3], (int)tensor.shape[1]);

    /// <summary>The inverse of <see cref="FromPlaces"/>.</summary>
    public static float[] ToPlaces(Tensor tensor) => ToArray(tensor.permute(0, 2, 3, 1));

    public static float[] ToArray(Tensor tensor)
    {
        using Tensor plain = tensor.detach().cpu().contiguous();
        return plain.data<float>().ToArray();
    }
}
