using System.Numerics;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Rounding with a slope, for rows of latent values.</summary>
internal static class SoftRounding
{
    // The sum of four independent bytes, less its mean, over its standard deviation: near enough to a normal distribution.
    private const float NoiseMean = 510;
    private const float NoiseScale = 1 / 147.8f;

    /// <summary>values = s(s(latents) + noise) with the slopes of that, where s is soft rounding.</summary>
    /// <param name="latents">The free values.</param>
    /// <param name="values">Receives what the networks see.</param>
    /// <param name="slopes">Receives the derivatives.</param>
    /// <param name="temperature">The lower, the nearer to rounding.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <param name="seed">Which noise.</param>
    public static void Apply(ReadOnlySpan<float> latents, Span<float> values, Span<float> slopes, float temperature, float noise, uint seed)
    {
        float scale = 0.5f / MathF.Tanh(0.5f / temperature);
        int lanes = Vector<float>.Count;
        Span<float> rest = stackalloc float[lanes];
        for (int i = 0; i < latents.Length; i += lanes)
        {
            Vector<float> y = Load(latents, i, rest);
            Vector<float> once = Soften(y, temperature, scale, out Vector<float> slope);
            Vector<float> twice = Soften(once + Noise(seed + (uint)i) * noise, temperature, scale, out Vector<float> secondSlope);
            Save(twice, values, i, rest);
            Save(slope * secondSlope, slopes, i, rest);
        }
    }

    /// <summary>values = latents, rounded; halves go up.</summary>
    public static void Round(ReadOnlySpan<float> latents, Span<float> values)
    {
        for (int i = 0; i < latents.Length; i++)
        {
            values[i] = MathF.Floor(latents[i] + 0.5f);
        }
    }

    /// <summary>⌊x⌋ + ½ + tanh(δ / t) / (2 tanh(1 / 2t)) with δ = x − ⌊x⌋ − ½ (Agustsson and Theis 2020).</summary>
    private static Vector<float> Soften(Vector<float> x, float temperature, float scale, out Vector<float> slope)
    {
        Vector<float> half = new(0.5f);
        Vector<float> floor = Vector.Floor(x);
        Vector<float> e = Vector.Exp((x - floor - half) * (2 / temperature));
        Vector<float> tanh = Vector<float>.One - new Vector<float>(2) / (e + Vector<float>.One);
        slope = (Vector<float>.One - tanh * tanh) * (scale / temperature);
        return floor + half + tanh * scale;
    }

    /// <summary>Noise of mean 0 and variance 1 from a hash of the place (Murmur's finalisation).</summary>
    private static Vector<float> Noise(uint start)
    {
        Vector<uint> h = new Vector<uint>(start) + Vector<uint>.Indices;
        h ^= h >>> 16;
        h *= new Vector<uint>(0x85EBCA6B);
        h ^= h >>> 13;
        h *= new Vector<uint>(0xC2B2AE35);
        h ^= h >>> 16;
        Vector<uint> mask = new(0xFF);
        Vector<uint> sum = (h & mask) + ((h >>> 8) & mask) + ((h >>> 16) & mask) + (h >>> 24);
        return (Vector.ConvertToSingle(Vector.AsVectorInt32(sum)) - new Vector<float>(NoiseMean)) * NoiseScale;
    }

    private static Vector<float> Load(ReadOnlySpan<float> values, int start, Span<float> rest)
    {
        if (start + Vector<float>.Count <= values.Length)
        {
            return new Vector<float>(values[start..]);
        }

        values[start..].CopyTo(rest);
        return new Vector<float>(rest);
    }

    private static void Save(Vector<float> vector, Span<float> values, int start, Span<float> rest)
    {
        if (start + Vector<float>.Count <= values.Length)
        {
            vector.CopyTo(values[start..]);
            return;
        }

        vector.CopyTo(rest);
        rest[..(values.Length - start)].CopyTo(values[start..]);
    }
}
