namespace ImageCodec.Models.Transforms;

/// <summary>Shapes and checks that transforms share, whatever computes them.</summary>
internal static class TransformArguments
{
    /// <summary>Checks what an analysis transform is given.</summary>
    /// <returns>The shape of the latent.</returns>
    public static TensorShape CheckEncode(IEncoder encoder, int picture, TensorShape pictureShape, int latent)
    {
        int stride = encoder.Stride;
        if (pictureShape.Channels != 3 || pictureShape.Height % stride != 0 || pictureShape.Width % stride != 0 || pictureShape.Height < 1 || pictureShape.Width < 1)
        {
            throw new ArgumentException(
                $"A picture tensor must have sides in multiples of {stride} and 3 channels, but was given {pictureShape}.", nameof(pictureShape));
        }

        TensorShape latentShape = TensorShape.OfLatent(pictureShape.Width, pictureShape.Height, stride, encoder.LatentChannels);
        Check(picture, pictureShape, nameof(picture));
        Check(latent, latentShape, nameof(latent));
        return latentShape;
    }

    /// <summary>Checks what a synthesis transform is given.</summary>
    /// <returns>The shape of the picture.</returns>
    public static TensorShape CheckDecode(IDecoder decoder, int latent, TensorShape latentShape, int picture)
    {
        if (latentShape.Channels != decoder.LatentChannels || latentShape.Height < 1 || latentShape.Width < 1)
        {
            throw new ArgumentException($"A latent must have {decoder.LatentChannels} channels, but was given {latentShape}.", nameof(latentShape));
        }

        Check(latent, latentShape, nameof(latent));
        TensorShape pictureShape = new(Times(latentShape.Height), Times(latentShape.Width), 3);
        Check(picture, pictureShape, nameof(picture));
        return pictureShape;

        int Times(int side) => (int)Math.Min((long)side * decoder.Stride, int.MaxValue);
    }

    private static void Check(int length, TensorShape shape, string name)
    {
        if (!shape.Holds(length))
        {
            throw new ArgumentException($"A tensor of {shape} has {shape.ExactLength} values, but {length} were given.", name);
        }
    }
}
