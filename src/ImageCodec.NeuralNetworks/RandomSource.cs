namespace ImageCodec.NeuralNetworks;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014): random numbers that repeat on every machine. Its whole state is one number, so that
/// a source for «epoch 7, picture 3» can be made from a seed without running through what came before.
/// </summary>
internal sealed class RandomSource
{
    private ulong _state;

    public RandomSource(int seed, params ReadOnlySpan<int> path)
    {
        _state = (uint)seed;
        foreach (int step in path)
        {
            _state = NextBits() ^ (uint)step;
        }
    }

    /// <summary>A number in [0, 1).</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [low, high).</summary>
    public float NextSingle(float low, float high) => low + (high - low) * NextSingle();

    /// <summary>A whole number in [0, end).</summary>
    public int Next(int end) => (int)(((NextBits() >> 32) * (ulong)end) >> 32);

    /// <summary>A number from the standard normal distribution (Box and Muller, 1958). Not bit-exact between platforms; for training.</summary>
    public float NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextSingle()));
        return (float)(radius * Math.Cos(2 * Math.PI * NextSingle()));
    }

    /// <summary>Puts items in random order.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
