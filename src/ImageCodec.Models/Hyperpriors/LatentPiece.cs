using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>A piece of a latent with its surroundings, as far as the latent goes, and the places in it that are its own.</summary>
internal readonly struct LatentPiece(int row, int column, TensorShape shape)
{
    /// <summary>Places of a piece each way, without its surroundings: so much is led through the decoder at once.</summary>
    public const int Side = 32;

    /// <summary>Places of surroundings on every side: as far as a change reaches through the decoder. Even, so that anchors are anchors as in the whole latent.</summary>
    private const int Margin = 4;

    /// <summary>The shape of the whole latent.</summary>
    public TensorShape Whole => shape;

    public int Top { get; } = Math.Max(0, row - Margin);

    public int Left { get; } = Math.Max(0, column - Margin);

    public int Height => Math.Min(shape.Height, row + Side + Margin) - Top;

    public int Width => Math.Min(shape.Width, column + Side + Margin) - Left;

    public int FirstRow => row - Top;

    public int LastRow => Math.Min(shape.Height, row + Side) - Top;

    public int FirstColumn => column - Left;

    public int LastColumn => Math.Min(shape.Width, column + Side) - Left;

    /// <summary>Cuts the piece out of a map.</summary>
    /// <param name="map">The map's values.</param>
    /// <param name="pitch">Places of its rows.</param>
    /// <param name="target">Receives those of the piece; has the map's channels.</param>
    public void Copy(ReadOnlySpan<float> map, int pitch, Tensor target)
    {
        int length = Width * target.Channels;
        for (int i = 0; i < Height; i++)
        {
            map.Slice(((Top + i) * pitch + Left) * target.Channels, length).CopyTo(target.Span.Slice(i * length, length));
        }
    }
}
