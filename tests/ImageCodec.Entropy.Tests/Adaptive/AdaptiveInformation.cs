namespace ImageCodec.Entropy.Tests.Adaptive;

/// <summary>What the adaptive model says that symbols are worth.</summary>
internal static class AdaptiveInformation
{
    public static double GetBits(ReadOnlySpan<byte> symbols)
    {
        int[] counts = new int[256];
        Array.Fill(counts, 1);
        int total = 256;
        double bits = 0;
        foreach (byte symbol in symbols)
        {
            bits += Math.Log2((double)total / counts[symbol]);
            counts[symbol]++;
            if (++total > 16384)
            {
                total = 0;
                for (int i = 0; i < 256; i++)
                {
                    total += counts[i] = Math.Max(1, counts[i] >> 1);
                }
            }
        }

        return bits;
    }
}
