namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// A batch of pictures or feature maps in native memory: picture by picture, row by row, place by place, channel by channel.
/// Made by <see cref="ComputeScope.Create"/> and dead with its scope.
/// </summary>
internal sealed unsafe class Tensor
{
    internal Tensor(float* data, int count, TensorShape shape)
    {
        Data = data;
        Count = count;
        Shape = shape;
    }

    /// <summary>The values; 64-byte aligned. Null once released.</summary>
    public float* Data { get; internal set; }

    /// <summary>Pictures in the batch.</summary>
    public int Count { get; }

    /// <summary>The shape of one picture.</summary>
    public TensorShape Shape { get; }

    public int Height => Shape.Height;

    public int Width => Shape.Width;

    public int Channels => Shape.Channels;

    /// <summary>Floats in one picture.</summary>
    public nint PictureLength => (nint)Shape.Height * Shape.Width * Shape.Channels;

    /// <summary>Floats altogether.</summary>
    public nint Length => Count * PictureLength;

    /// <summary>Whether a backward pass has any use for the gradient by these values.</summary>
    public bool NeedsGradient { get; set; }

    /// <summary>The gradient of the loss by these values, once something has flowed back to here.</summary>
    public Tensor? Gradient { get; set; }

    /// <summary>The values of a tensor that one span can hold.</summary>
    public Span<float> Span => new(Data, checked((int)Length));

    /// <summary>The values of one picture of the batch.</summary>
    public Span<float> Picture(int index) => new(Data + index * PictureLength, checked((int)PictureLength));

    public override string ToString() => $"{Count} × {Shape}";
}
