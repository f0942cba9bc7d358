namespace ImageCodec;

/// <summary>What latent codecs check before they touch any memory.</summary>
internal static class LatentArguments
{
    /// <summary>Checks what <see cref="ILatentCodec.Encode"/> and <see cref="ILatentCodec.FindLevel"/> are given.</summary>
    /// <param name="latent">Values of the latent.</param>
    /// <param name="latentShape">Its latentShape.</param>
    /// <param name="decoded">Values that what the decoder will see has room for.</param>
    /// <param name="channels">The channels that the codec is made for; null for any.</param>
    /// <exception cref="ArgumentException">One of them does not fit.</exception>
    public static void CheckEncode(int latent, TensorShape latentShape, int decoded = 0, int? channels = null)
    {
        Check(latent, latentShape, nameof(latent), channels);
        if (decoded != 0 && decoded != latent)
        {
            throw new ArgumentException($"A latent of {latentShape} has {latent} values, but there is room for {decoded} decoded ones; it must be for all or for none.", nameof(decoded));
        }
    }

    /// <summary>Checks what <see cref="ILatentCodec.Decode"/> is given.</summary>
    /// <inheritdoc cref="CheckEncode"/>
    public static void CheckDecode(int latent, TensorShape latentShape, int? channels = null) => Check(latent, latentShape, nameof(latent), channels);

    /// <summary>Checks a level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static void CheckLevel(int level, int levelCount)
    {
        if (level < 1 || level > levelCount)
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, $"Level must be 1 to {levelCount}.");
        }
    }

    /// <summary>Checks a wanted length.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static void CheckTarget(double length)
    {
        if (!double.IsFinite(length))
        {
            throw new ArgumentException($"A length must be finite, but is {length}.", nameof(length));
        }
    }

    private static void Check(int length, TensorShape latentShape, string name, int? channels)
    {
        if (latentShape.Height < 1 || latentShape.Width < 1 || latentShape.Channels < 1 || (channels is { } expected && latentShape.Channels != expected))
        {
            throw new ArgumentException(
                channels is { } needed ? $"A latent must have {needed} channels and sides from 1 on, but was given {latentShape}." : $"A latent can't have the shape {latentShape}.",
                nameof(latentShape));
        }

        if (!latentShape.Holds(length))
        {
            throw new ArgumentException($"A latent of {latentShape} has {latentShape.ExactLength} values, but {length} were given.", name);
        }
    }
}
