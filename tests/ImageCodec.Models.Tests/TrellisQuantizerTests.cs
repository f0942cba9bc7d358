using ImageCodec.Entropy;
using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Models.Tests;

public class TrellisQuantizerTests
{
    private static readonly IReadOnlyList<FrequencyTable> Tables = HyperpriorTables.Normal.Coder.Tables.Tables;

    /// <summary>Against all paths there are, tried one by one: of a few values, as their number is multiplied with each.</summary>
    [Test]
    public void No_path_is_cheaper([Range(0, 19)] int seed, [Values] bool isRefining)
    {
        (float[] distances, byte[] tables) = Inputs(seed, 7, lowest: 10, highest: 22);
        Prices prices = new(isRefining, distances.Length);
        (double cost, _) = Quantize(distances, tables, pathCount: 1, out _, prices);
        Assert.That(cost, Is.EqualTo(Cheapest(distances, tables, prices, 0, [])).Within(1e-4));
    }

    /// <summary>Against a plain Viterbi algorithm in double precision, over values long enough that costs are counted anew on the way.</summary>
    [Test]
    public void Long_pieces_cost_as_much_as_a_plain_search_finds([Values(1, 2, 32)] int pathCount, [Values] bool isRefining)
    {
        (float[] distances, byte[] tables) = Inputs(pathCount, 6000, lowest: 0, highest: 63);
        Prices prices = new(isRefining, distances.Length);
        (double cost, _) = Quantize(distances, tables, pathCount, out _, prices, turn: 5);
        double expected = Enumerable.Range(0, pathCount).Sum(path =>
            CheapestOfPath(distances, tables, prices, Enumerable.Range(0, distances.Length).Where(i => (i + 5) % pathCount == path)));

        // At the refinement's price a value may be worth taking down by more than is looked at.
        Assert.That(cost, Is.EqualTo(expected).Within((isRefining ? 1e-4 : 1e-5) * expected));
    }

    [Test]
    public void The_rule_of_the_quantisers_is_kept([Values(1, 4, 32)] int pathCount)
    {
        (float[] distances, byte[] tables) = Inputs(9, 500, lowest: 0, highest: 30);
        (_, byte[] chosen) = Quantize(distances, tables, pathCount, out short[] values, new Prices(false, distances.Length));
        foreach (int path in Enumerable.Range(0, pathCount))
        {
            // q(i) = q(i − 2) + q(i − 5) + k(i − 3), modulo 2, over the values that have two tables.
            int[] own = [.. Enumerable.Range(0, distances.Length).Where(i => i % pathCount == path && tables[i] >= 64)];
            int[] quantizers = [.. own.Select(i => chosen[i] >= 118 ? 1 : 0)];
            for (int i = 0; i < own.Length; i++)
            {
                int expected = (i >= 2 ? quantizers[i - 2] : 0) + (i >= 5 ? quantizers[i - 5] : 0) + (i >= 3 ? values[own[i - 3]] & 1 : 0);
                Assert.That(quantizers[i], Is.EqualTo(expected & 1), $"path {path}, value {i}");
            }
        }
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    public void What_is_not_finite_is_refused(float value)
    {
        float[] distances = new float[20];
        distances[11] = value;
        foreach (byte table in new byte[] { 3, 70 })
        {
            byte[] tables = [.. Enumerable.Repeat(table, 20)];
            Assert.That(() => HyperpriorTables.Normal.Quantizer.Run(distances, tables, 1, 0, new short[20]), Throws.ArgumentException);
        }
    }

    [Test]
    public void Values_beyond_all_bounds_stay_within_16_bits([Values(3, 70, 117)] byte table)
    {
        short[] values = new short[2];
        HyperpriorTables.Normal.Quantizer.Run([1e30f, -1e30f], new byte[] { table, table }, 1, 0, values);
        Assert.That(values[0], Is.GreaterThan(32_000));
        Assert.That(values[1], Is.LessThan(-32_000));
    }

    private static (double Cost, byte[] Tables) Quantize(float[] distances, byte[] tables, int pathCount, out short[] values, Prices prices, int turn = 0)
    {
        byte[] chosen = [.. tables];
        short[] quantized = new short[distances.Length];
        prices.Quantizer.Run(distances, chosen, pathCount, turn, quantized, prices.Weights);
        values = quantized;
        return (distances.Select((distance, i) => prices.Cost(distance, quantized[i], chosen[i], i)).Sum(), chosen);
    }

    private static (float[] Distances, byte[] Tables) Inputs(int seed, int count, int lowest, int highest)
    {
        Random random = new(seed);
        byte[] tables = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(lowest, highest + 1))];
        float[] distances =
        [
            .. tables.Select(scale => (float)(0.11 * Math.Exp(0.123 * scale) * Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5))),
        ];
        DependentTables.FromScales(tables);
        return (distances, tables);
    }

    /// <summary>The cheapest of all ways on, given the quantisers and the values so far.</summary>
    private static double Cheapest(float[] distances, byte[] tables, Prices prices, int i, List<(int Quantizer, int Value)> before)
    {
        if (i == distances.Length)
        {
            return 0;
        }

        int quantizer = (i >= 2 ? before[i - 2].Quantizer : 0) ^ (i >= 5 ? before[i - 5].Quantizer : 0) ^ (i >= 3 ? before[i - 3].Value & 1 : 0);
        int table = tables[i] + 54 * quantizer;
        double best = double.PositiveInfinity;
        foreach (int value in Near(distances[i]))
        {
            before.Add((quantizer, value));
            best = Math.Min(best, prices.Cost(distances[i], value, table, i) + Cheapest(distances, tables, prices, i + 1, before));
            before.RemoveAt(i);
        }

        return best;
    }

    /// <summary>The cost of the cheapest path, with a state for all that the rule looks back at: the last five quantisers and the last three parities.</summary>
    private static double CheapestOfPath(float[] distances, byte[] tables, Prices prices, IEnumerable<int> path)
    {
        Dictionary<(int Quantizers, int Parities), double> costs = new() { [(0, 0)] = 0 };
        double alone = 0;
        foreach (int i in path)
        {
            (float distance, byte table) = (distances[i], tables[i]);
            if (table < 64)
            {
                alone += Near(distance).Where(value => Math.Abs(value) <= Math.Round(Math.Abs(distance))).Min(value => prices.Cost(distance, value, table, i));
                continue;
            }

            Dictionary<(int, int), double> next = [];
            foreach (((int quantizers, int parities), double cost) in costs)
            {
                int quantizer = (quantizers >> 1 ^ quantizers >> 4 ^ parities >> 2) & 1;
                foreach (int value in Near(distance))
                {
                    (int, int) state = ((quantizers << 1 | quantizer) & 31, (parities << 1 | value & 1) & 7);
                    double sum = cost + prices.Cost(distance, value, table + 54 * quantizer, i);
                    next[state] = Math.Min(sum, next.GetValueOrDefault(state, double.PositiveInfinity));
                }
            }

            costs = next;
        }

        return alone + costs.Values.Min();
    }

    /// <summary>All values that could be worth their bits: in either quantiser those next to the distance, and zero.</summary>
    private static IEnumerable<int> Near(float distance)
    {
        int rounded = (int)(Math.Abs(distance) / 1.28);
        int sign = distance < 0 ? -1 : 1;
        return new[] { 0, rounded - 2, rounded - 1, rounded, rounded + 1, rounded + 2, (int)Math.Abs(distance), (int)Math.Round(Math.Abs(distance)), (int)Math.Round(Math.Abs(distance)) - 1 }
            .Where(value => value >= 0).Select(value => sign * value).Distinct();
    }

    /// <summary>What bits and errors cost: as usual, or as in refinement, where each value's error has a weight.</summary>
    private sealed class Prices(bool isRefining, int count)
    {
        private readonly float _lambda = isRefining ? 0.06f : 0.035f;

        public TrellisQuantizer Quantizer => isRefining ? HyperpriorTables.Normal.RefiningQuantizer : HyperpriorTables.Normal.Quantizer;

        public float[] Weights { get; } = isRefining ? [.. Enumerable.Range(0, count).Select(i => 0.4f + 0.3f * (i * 7 % 11))] : [];

        /// <summary>Squared error and bits, in squared steps; a value that its table does not list costs as much as the last one that it does.</summary>
        public double Cost(float distance, int value, int table, int i)
        {
            FrequencyTable of = Tables[table];
            double steps = table switch
            {
                < 64 => value,
                < 118 => 1.28 * value,
                _ => 0.64 * (2 * value - Math.Sign(value)),
            };
            double bits = of.GetBits((short)Math.Clamp(value, of.MinValue, of.MaxValue));
            return (isRefining ? Weights[i] : 1) * (distance - steps) * (distance - steps) + _lambda * bits;
        }
    }
}
