using System.Buffers;
using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>What a sample's parameters and grids are like.</summary>
internal enum Wildness
{
    /// <summary>As in a file.</summary>
    Tame,

    /// <summary>Values of all sizes.</summary>
    LargeValues,

    /// <summary>Parameters and values at their limits, so that sums wrap around.</summary>
    Extreme,
}

/// <summary>Random networks and grids, and their body.</summary>
internal sealed class FittedSample
{
    public FittedSample(FittedLayout layout, int width, int height, int seed, Wildness wildness = Wildness.Tame)
    {
        Random random = new(seed);
        int[] steps = [.. Enumerable.Range(0, FittedLayout.GroupCount).Select(_ => random.Next(3, wildness == Wildness.Extreme ? 16 : 7))];
        double spread = wildness == Wildness.Extreme ? random.Next(1, 300) : 4;
        short[] distances = new short[layout.Count];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = Value(random, spread);
        }

        if (seed % 4 == 3)
        {
            distances.AsSpan(layout.Group(seed / 4 % FittedLayout.GroupCount)).Clear();
        }

        Network = QuantizedNetwork.FromDistances(FittedPriors.Of(layout, rate: (width + height) % FittedPriors.Rates), distances, steps);
        Grids = new IntegerGrids(width, height);
        for (int grid = 0; grid < Grids.Count; grid++)
        {
            double scale = (grid + 1) * random.NextDouble() * (wildness == Wildness.Tame ? 1 : 40);
            bool isZero = random.Next(6) == 0;
            foreach (ref short value in Grids.Values(grid).AsSpan())
            {
                value = isZero ? (short)0 : Value(random, scale);
            }
        }
    }

    public QuantizedNetwork Network { get; }

    public IntegerGrids Grids { get; }

    public byte[] Write(int backend = 0)
    {
        ArrayBufferWriter<byte> writer = new();
        FittedBody.Write(Network, Grids, writer, ImageCodec.Models.Fitted.Integers.IntegerBackend.All[backend]);
        return writer.WrittenSpan.ToArray();
    }

    private static short Value(Random random, double scale) =>
        (short)Math.Clamp(Math.Round(Math.Log(1 - random.NextDouble()) * scale * (random.Next(2) * 2 - 1)), -511, 511);
}
