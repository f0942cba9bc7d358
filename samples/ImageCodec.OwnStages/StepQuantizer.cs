namespace ImageCodec.OwnStages;

/// <summary>Rounds coefficients to multiples of a step, which is larger for high frequencies and for colour. One byte of side information holds the level.</summary>
internal sealed class StepQuantizer : IQuantizer
{
    /// <summary>The finest step is the one at which the largest coefficient, 4, still fits a symbol.</summary>
    public const int Levels = 25;

    public int LevelCount => Levels;

    public int GetSideInformationLength(TensorShape latentShape) => 1;

    public void Quantize(
        ReadOnlySpan<float> latent, TensorShape latentShape, int level, Span<byte> symbols, Span<byte> sideInformation, CancellationToken cancellationToken = default)
    {
        sideInformation[0] = (byte)level;
        for (int i = 0; i < latent.Length; i++)
        {
            // 0, 1, −1, 2, −2, … become 0, 1, 2, 3, 4, …
            int value = Math.Clamp((int)MathF.Round(latent[i] / Step(level, i % latentShape.Channels)), -127, 127);
            symbols[i] = (byte)(value > 0 ? 2 * value - 1 : -2 * value);
        }
    }

    public void Dequantize(
        ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<byte> sideInformation, Span<float> latent, CancellationToken cancellationToken = default)
    {
        int level = sideInformation[0];
        if (level < 1 || level > LevelCount)
        {
            throw new InvalidFileException("ICD", $"the level is {level}, but should be 1 to {LevelCount}.");
        }

        for (int i = 0; i < symbols.Length; i++)
        {
            int magnitude = (symbols[i] + 1) / 2;
            latent[i] = (symbols[i] % 2 == 1 ? magnitude : -magnitude) * Step(level, i % latentShape.Channels);
        }
    }

    /// <summary>The step of a channel at a level.</summary>
    public static float Step(int level, int channel)
    {
        int frequency = channel / 3 / CosineTransform.Side + channel / 3 % CosineTransform.Side;
        float weight = (1 + 0.25f * frequency) * (channel % 3 == 0 ? 1 : 2);

        // The step halves every five levels, in even steps.
        int halvings = (level - 1) / 5;
        return weight * (2 - (level - 1) % 5 * 0.2f) / (2 << halvings);
    }
}
