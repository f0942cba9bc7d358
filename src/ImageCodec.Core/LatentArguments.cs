namespace ImageCodec;

/// <summary>What latent codecs check before they touch any memory.</summary>
internal static class LatentArguments
{
    /// <summary>Checks what <see cref="ILatentCodec.Encode"/> and <see cref="ILatentCodec.FindLevel"/> are given.</summary>
    /// <param name="latent">Values of the latent.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="decoded">Values that what the decoder will see has room for.</param>
    /// <param name="channels">The channels that the codec is made for; null for any.</param>
    /// <exception cref="ArgumentException">One of them does not fit.</exception>
    public static void CheckEncode(int latent, TensorShape shape, int decoded = 0, int? channels = null)
    {
        Check(latent, shape, nameof(latent), channels);
        if (decoded != 0 && decoded != latent)
        {
            throw new ArgumentException($"A latent of {shape} has {latent} values, but there is room for {decoded} decoded ones; it must be for all or for none.", nameof(decoded));
        }
    }

    /// <summary>Checks what <see cref="ILatentCodec.Decode"/> is given.</summary>
    /// <inheritdoc cref="CheckEncode"/>
    public static void CheckDecode(int latent, TensorShape shape, int? channels = null) => Check(latent, shape, nameof(latent), channels);

    private static void Check(int length, TensorShape shape, string name, int? channels)
    {
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1 || (channels is { } expected && shape.Channels != expected))
        {
            throw new ArgumentException(
                channels is { } needed ? $"A latent must have {needed} channels and sides from 1 on, but was given {shape}." : $"A latent can't have the shape {shape}.",
                nameof(shape));
        }

        if (length != shape.Length)
        {
            throw new ArgumentException($"A latent of {shape} has {shape.Length} values, but {length} were given.", name);
        }
    }
}
