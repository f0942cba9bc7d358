namespace ImageCodec.Entropy.Tests;

/// <summary>Inputs of many lengths and statistics, made from a number alone.</summary>
internal static class RandomInputs
{
    /// <summary>Symbols: uniform, geometric, few different ones, sticky runs, a changing source, or ones that make long carry runs.</summary>
    public static byte[] Symbols(int seed, int maxLength)
    {
        Random random = new(seed);
        int length = random.Next(4) switch
        {
            0 => random.Next(4),
            1 => random.Next(64),
            2 => random.Next(1024),
            _ => random.Next(maxLength),
        };
        byte[] symbols = new byte[length];
        int kind = random.Next(7);
        double decay = random.NextDouble();
        int distinct = random.Next(1, 9);
        int shift = random.Next(256);
        for (int i = 0; i < length; i++)
        {
            symbols[i] = (byte)(kind switch
            {
                0 => random.Next(256),
                1 => Geometric(random, decay) + shift,
                2 => random.Next(distinct) + shift,
                3 => i > 0 && random.Next(50) != 0 ? symbols[i - 1] : random.Next(256),
                4 => i % 700 < 350 ? random.Next(4) : 250 + random.Next(6),
                5 => shift,
                _ => random.Next(300) == 0 ? random.Next(256) : i & 1,
            });
        }

        return symbols;
    }

    /// <summary>
    /// Symbols that keep low just below one half for as long as a search one symbol ahead finds a way, so that outstanding bits pile up.
    /// </summary>
    public static byte[] CarryRun(int length, int seed)
    {
        Random random = new(seed);
        List<byte> symbols = [.. Enumerable.Range(0, length / 4).Select(_ => (byte)random.Next(256))];
        int[] counts = new int[256];
        Array.Fill(counts, 1);
        uint low = 0;
        uint range = (1 << 15) - 2;
        uint total = 256;
        void Code(byte symbol)
        {
            uint sum = 0;
            for (int i = 0; i < symbol; i++)
            {
                sum += (uint)counts[i];
            }

            low += range * sum / total;
            range = Math.Max(1, range * (uint)counts[symbol] / total);
            counts[symbol]++;
            total++;
            while (range < 1 << 14)
            {
                low = 2 * (low - (low >= 1 << 15 ? 1u << 15 : low < 1 << 14 ? 0 : 1u << 14));
                range *= 2;
            }
        }

        foreach (byte symbol in symbols)
        {
            Code(symbol);
        }

        while (symbols.Count < length)
        {
            // The symbol whose interval holds one half, the place where the next bit stays open.
            uint target = (1u << 15) - low;
            byte next = 0;
            if (low < 1 << 15 && target < range)
            {
                uint sum = 0;
                for (int i = 0; i < 256 && range * (sum + (uint)counts[i]) / total <= target; i++)
                {
                    sum += (uint)counts[i];
                    next = (byte)Math.Min(255, i + 1);
                }
            }
            else
            {
                next = (byte)random.Next(256);
            }

            symbols.Add(next);
            Code(next);
        }

        return [.. symbols];
    }

    private static int Geometric(Random random, double decay)
    {
        int value = 0;
        while (value < 255 && random.NextDouble() < decay)
        {
            value++;
        }

        return value;
    }
}
