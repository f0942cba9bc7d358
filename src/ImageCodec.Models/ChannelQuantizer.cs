namespace ImageCodec.Models;

/// <summary>
/// The b-bit uniform quantiser, b = 1 … 8, with a range for each channel: [0, m_c], where m_c is the lowest sixteenth of the latent's
/// range m that the channel's values stay below. Channels of small values get finer steps, and more bits, than from <see cref="UniformQuantizer"/>.
/// </summary>
/// <remarks>
/// The side information is the two bytes of <see cref="UniformQuantizer"/>, then 16 · m_c / m − 1 in 4 bits for each channel, the upper
/// half of a byte first. Values below zero are quantised as zero. Safe to use from several threads at once.
/// </remarks>
public sealed class ChannelQuantizer : IQuantizer
{
    private const int Parts = 16;

    /// <summary>Settings are bits a symbol, 1 … 8.</summary>
    public int LevelCount => UniformQuantizer.MaxBits;

    /// <inheritdoc/>
    public int GetSideInformationLength(TensorShape latentShape) => UniformQuantizer.SideInformationLength + (latentShape.Channels + 1) / 2;

    /// <inheritdoc/>
    public void Quantize(ReadOnlySpan<float> latent, TensorShape latentShape, int level, Span<byte> symbols, Span<byte> sideInformation)
    {
        UniformQuantizer.CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length, GetSideInformationLength(latentShape));
        float[] largest = new float[latentShape.Channels];
        for (int i = 0; i < latent.Length; i++)
        {
            largest[i % largest.Length] = Math.Max(largest[i % largest.Length], UniformQuantizer.CheckFinite(latent[i]));
        }

        float range = UniformQuantizer.WriteHeader(largest.Max(), level, sideInformation);
        int cells = 1 << level;
        float[] scales = new float[largest.Length];
        sideInformation[UniformQuantizer.SideInformationLength..].Clear();
        for (int channel = 0; channel < largest.Length && range > 0; channel++)
        {
            int part = Math.Clamp((int)MathF.Ceiling(Parts * largest[channel] / range), 1, Parts);
            sideInformation[UniformQuantizer.SideInformationLength + channel / 2] |= (byte)((part - 1) << (channel % 2 == 0 ? 4 : 0));
            scales[channel] = cells / (range * ((float)part / Parts));
        }

        for (int i = 0; i < latent.Length; i++)
        {
            symbols[i] = (byte)Math.Clamp(latent[i] * scales[i % scales.Length], 0, cells - 1);
        }
    }

    /// <inheritdoc/>
    public void Dequantize(ReadOnlySpan<byte> symbols, TensorShape latentShape, ReadOnlySpan<byte> sideInformation, Span<float> latent)
    {
        UniformQuantizer.CheckLengths(latent.Length, latentShape, symbols.Length, sideInformation.Length, GetSideInformationLength(latentShape));
        (int cells, float range) = UniformQuantizer.ReadHeader(sideInformation);
        float[] ranges = new float[latentShape.Channels];
        for (int channel = 0; channel < ranges.Length; channel++)
        {
            int part = ((sideInformation[UniformQuantizer.SideInformationLength + channel / 2] >> (channel % 2 == 0 ? 4 : 0)) & 15) + 1;
            ranges[channel] = range * ((float)part / Parts);
        }

        for (int i = 0; i < symbols.Length; i++)
        {
            latent[i] = ranges[i % ranges.Length] * UniformQuantizer.Centre(symbols[i], cells, i);
        }
    }
}
