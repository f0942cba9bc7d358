using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ImageCodec.Entropy;
using ImageCodec.Entropy.Tables;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Trellis-coded quantisation with an eye on the rate: of all the paths that quantisers may take through a piece of a latent, the one whose squared error and bits together are least, by
/// the Viterbi algorithm. Values of the lowest scales, which are on no path, become the nearest integer or, where that costs less, the next one towards zero.
/// </summary>
/// <remarks>
/// Marcellin and Fischer, 1990; with bits counted, Fischer and Wang, 1992. Two quantisers whose levels interleave, of which the values before choose, are what VVC calls dependent
/// quantisation (Schwarz et al., 2019). Costs are the same numbers on every machine, and so are the files.
/// </remarks>
internal sealed unsafe class TrellisQuantizer
{
    /// <summary>What a bit usually may cost in squared steps. The error alone would allow about 0.1, but other values are predicted from this one.</summary>
    public const float UsualLambda = 0.035f;

    private const int States = Trellis.StateCount;
    private const int Lanes = 4;

    /// <summary>Values that are looked at together.</summary>
    private const int Group = 2 * Lanes;

    /// <summary>The cost of a state that no path leads to yet: more than any that one leads to.</summary>
    private const float Unreached = 1e9f;

    /// <summary>Above this the costs of a path are counted from the least of them again, so that no digits are lost.</summary>
    private const float RebaseAbove = 64;

    private const float LargestMagnitude = short.MaxValue - 1;

    /// <summary>λ times the bits of each magnitude that a table lists, table by table.</summary>
    private readonly float[] _costs;

    /// <summary>For each table where its costs begin, and the largest magnitude that it lists.</summary>
    private readonly (int First, int Last)[] _rows;

    /// <summary>From the costs of a table to those of its twin, which lists the same values.</summary>
    private readonly int _toTwin;

    private readonly float _lambda;

    /// <summary>Prepares for symmetric tables, numbered as <see cref="DependentTables"/> says.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="lambda">λ: what a bit may cost in squared steps.</param>
    public TrellisQuantizer(FrequencyTableSet tables, float lambda = UsualLambda)
    {
        _lambda = lambda;
        List<float> costs = [];
        _rows = new (int, int)[tables.Tables.Count];
        for (int i = 0; i < _rows.Length; i++)
        {
            FrequencyTable table = tables.Tables[i];
            _rows[i] = (costs.Count, table.MaxValue);
            costs.AddRange(Enumerable.Range(0, table.MaxValue + 1).Select(value => lambda * RateDistortionQuantizer.BitsOf(table, value)));
        }

        _costs = [.. costs];
        _toTwin = _rows[DependentTables.FirstTwin].First - _rows[DependentTables.First].First;
    }

    /// <summary>What values cost, about; each one beyond the last one that its table lists as much as that.</summary>
    /// <param name="values">The values.</param>
    /// <param name="tables">The tables that code them.</param>
    public double BitsOf(ReadOnlySpan<short> values, ReadOnlySpan<byte> tables)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += CostOf(Math.Abs((int)values[i]), tables[i]);
        }

        return sum / _lambda;
    }

    /// <summary>Quantises a piece of a latent.</summary>
    /// <param name="distances">The values in steps, as distances from their predicted means.</param>
    /// <param name="tables">Their tables, of quantiser 0 where there are two; becomes those that code them.</param>
    /// <param name="pathCount">The number of paths, a power of two at most 32: values take turns.</param>
    /// <param name="turn">The first value's path.</param>
    /// <param name="values">Receives what is coded.</param>
    /// <param name="weights">What a squared step of each value counts; empty if it counts 1 everywhere.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void Run(
        ReadOnlySpan<float> distances, Span<byte> tables, int pathCount, int turn, Span<short> values, ReadOnlySpan<float> weights = default)
    {
        Choice[] choices = ArrayPool<Choice>.Shared.Rent(distances.Length);
        float* costs = stackalloc float[pathCount * States];
        new Span<float>(costs, pathCount * States).Fill(Unreached);
        for (int path = 0; path < pathCount; path++)
        {
            costs[path * States] = 0;
        }

        int count = GoForward(distances, tables, weights, values, choices, costs, pathCount, turn);
        byte* states = stackalloc byte[pathCount];
        for (int path = 0; path < pathCount; path++)
        {
            states[path] = CheapestOf(costs + path * States);
        }

        GoBack(distances, tables, values, choices.AsSpan(0, count), states, pathCount, turn);
        ArrayPool<Choice>.Shared.Return(choices);
    }

    /// <summary>Finds the cheapest path to every state, value by value.</summary>
    /// <returns>The number of choices, one for each value that is on a path.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int GoForward(
        ReadOnlySpan<float> distances,
        ReadOnlySpan<byte> tables,
        ReadOnlySpan<float> weights,
        Span<short> values,
        Span<Choice> choices,
        float* costs,
        int pathCount,
        int turn)
    {
        int count = 0;
        for (int start = 0; start < distances.Length; start += Group)
        {
            // Mostly all but a few of eight are nearest to zero, and on no path.
            uint others = FindOthers(distances[start..], tables[start..], values[start..]);
            for (; others != 0; others &= others - 1)
            {
                int i = start + BitOperations.TrailingZeroCount(others);
                float weight = weights.IsEmpty ? 1 : weights[i];
                float magnitude = MathF.Abs(UniformQuantizer.CheckFinite(distances[i]));
                if (tables[i] < DependentTables.First)
                {
                    values[i] = QuantizeAlone(distances[i], magnitude, weight, tables[i]);
                    continue;
                }

                ref Choice choice = ref choices[count++];
                choice.At = i;
                float* ofPath = costs + ((turn + i) & (pathCount - 1)) * States;
                if (*ofPath > RebaseAbove)
                {
                    Rebase(ofPath);
                }

                Vector128<float> added = Compare(Math.Min(magnitude * (1 / DependentTables.HalfStep), 2 * LargestMagnitude), weight, tables[i], out choice.Magnitudes);
                choice.Decisions = Advance(ofPath, added);
            }
        }

        return count;
    }

    /// <summary>Finds those of the first eight values that are on a path, or not nearest to zero; sets the others to zero.</summary>
    /// <returns>A bit for each.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindOthers(ReadOnlySpan<float> distances, ReadOnlySpan<byte> tables, Span<short> values)
    {
        if (distances.Length < Group)
        {
            return (1u << distances.Length) - 1;
        }

        Vector128<short>.Zero.CopyTo(values);
        Vector128<byte> table = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(in tables[0])).AsByte();
        Vector128<float> half = Vector128.Create(0.5f);
        uint near = Vector128.LessThanOrEqual(Vector128.Abs(Vector128.Create(distances)), half).ExtractMostSignificantBits()
            | (Vector128.LessThanOrEqual(Vector128.Abs(Vector128.Create(distances[Lanes..])), half).ExtractMostSignificantBits() << Lanes);
        return (~near & byte.MaxValue) | Vector128.GreaterThanOrEqual(table, Vector128.Create((byte)DependentTables.First)).ExtractMostSignificantBits();
    }

    /// <summary>Follows the cheapest paths from their ends back to where they began.</summary>
    /// <param name="distances">The values.</param>
    /// <param name="tables">Their tables of quantiser 0; becomes those that code them.</param>
    /// <param name="values">Receives what is coded.</param>
    /// <param name="choices">What there was to choose of.</param>
    /// <param name="states">For each path the state that it ends in.</param>
    /// <param name="pathCount">The number of paths.</param>
    /// <param name="turn">The first value's path.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GoBack(
        ReadOnlySpan<float> distances, Span<byte> tables, Span<short> values, ReadOnlySpan<Choice> choices, byte* states, int pathCount, int turn)
    {
        for (int n = choices.Length - 1; n >= 0; n--)
        {
            ref readonly Choice choice = ref choices[n];
            ref byte state = ref states[(turn + choice.At) & (pathCount - 1)];
            (int pair, int quantizer) = (state >> 1, state & 1);
            int parity = (int)(choice.Decisions >> (quantizer * (States / 2) + pair)) & 1;
            state = (byte)Before(pair, quantizer, parity);
            int magnitude = (int)(choice.Magnitudes >> (16 * (2 * quantizer + parity))) & ushort.MaxValue;
            int sign = BitConverter.SingleToInt32Bits(distances[choice.At]) >> 31;
            values[choice.At] = (short)((magnitude ^ sign) - sign);
            tables[choice.At] += (byte)(quantizer * DependentTables.TwinCount);
        }
    }

    /// <summary>
    /// The state before state 2 · pair + quantiser: what a quantiser and a parity change in the next state taken back (<see cref="Trellis.Next"/>), whose lowest bit is the quantiser.
    /// </summary>
    private static int Before(int pair, int quantizer, int parity) =>
        (quantizer << Trellis.QuantizerShift) | (pair ^ (quantizer * (Trellis.QuantizerTaps >> 1)) ^ (parity * (Trellis.ParityTaps >> 1)));

    private short QuantizeAlone(float distance, float magnitude, float weight, int table)
    {
        int nearest = (int)MathF.Round(Math.Min(magnitude, LargestMagnitude));
        if (nearest > 0 && weight * Square(nearest - 1 - magnitude) + CostOf(nearest - 1, table) < weight * Square(nearest - magnitude) + CostOf(nearest, table))
        {
            nearest--;
        }

        return (short)(distance < 0 ? -nearest : nearest);
    }

    /// <summary>Finds for each quantiser an even and an odd value: the nearest ones, or zero where that costs less.</summary>
    /// <param name="magnitude">The magnitude in half steps.</param>
    /// <param name="weight">What a squared step counts.</param>
    /// <param name="table">The table of quantiser 0.</param>
    /// <param name="magnitudes">Receives the values: even and odd of quantiser 0, then of quantiser 1, of 16 bits each, from the lowest bits on.</param>
    /// <returns>Their costs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Compare(float magnitude, float weight, int table, out ulong magnitudes)
    {
        int below = (int)(magnitude * 0.5f);
        int belowTwin = (int)((magnitude + 1) * 0.5f);
        (int even, int odd) = (below + (below & 1), below | 1);
        (int twinEven, int twinOdd) = (belowTwin + (belowTwin & 1), belowTwin | 1);
        (int first, int last) = _rows[table];
        ref float costs = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_costs), first);
        ref float twinCosts = ref Unsafe.Add(ref costs, _toTwin);
        Vector128<int> values = Vector128.Create(even, odd, twinEven, twinOdd);
        Vector128<int> halfSteps = values + values + (Vector128.GreaterThan(values, Vector128<int>.Zero) & Vector128.Create(0, 0, -1, -1));
        Vector128<float> errors = (Vector128.Create(magnitude) - Vector128.ConvertToSingle(halfSteps)) * DependentTables.HalfStep;
        Vector128<float> sums = errors * errors * weight + Vector128.Create(
            Unsafe.Add(ref costs, Math.Min(even, last)),
            Unsafe.Add(ref costs, Math.Min(odd, last)),
            Unsafe.Add(ref twinCosts, Math.Min(twinEven, last)),
            Unsafe.Add(ref twinCosts, Math.Min(twinOdd, last)));

        // Zero may be the cheapest even value where it is not the nearest.
        float error = Square(magnitude * DependentTables.HalfStep) * weight;
        Vector128<float> zeros = Vector128.Create(error + costs, float.PositiveInfinity, error + twinCosts, float.PositiveInfinity);
        Vector128<float> isZero = Vector128.LessThan(zeros, sums);
        values = Vector128.AndNot(values, isZero.AsInt32());
        magnitudes = Vector128.Narrow(values, values).AsUInt64().ToScalar();
        return Vector128.ConditionalSelect(isZero, zeros, sums);
    }

    /// <summary>Goes on to the next states, each from the cheaper of the two states before it.</summary>
    /// <param name="costs">The cheapest cost of each state; becomes that of the states after the value.</param>
    /// <param name="added">What the value costs: even and odd of quantiser 0, then of quantiser 1.</param>
    /// <returns>Whether the odd value is the cheaper one: a bit for each of the states 0, 2, 4 and so on, then of the states 1, 3, 5 and so on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Advance(float* costs, Vector128<float> added)
    {
        // See Before: what comes before four pairs in a row are four states in a row.
        const int Twins = States / 2;
        const int Other = Trellis.QuantizerTaps >> 1;
        Vector128<float> a = Vector128.Load(costs), b = Vector128.Load(costs + 4), c = Vector128.Load(costs + 8), d = Vector128.Load(costs + 12);
        Vector128<float> e = Vector128.Load(costs + Twins + Other), f = Vector128.Load(costs + Twins + (4 ^ Other));
        Vector128<float> g = Vector128.Load(costs + Twins + (8 ^ Other)), h = Vector128.Load(costs + Twins + (12 ^ Other));
        return AdvancePairs(a, e, added, costs, 0) | AdvancePairs(b, f, added, costs, 4) | AdvancePairs(c, g, added, costs, 8) | AdvancePairs(d, h, added, costs, 12);
    }

    /// <summary>Finds the cost of the states of four pairs, and their decisions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AdvancePairs(Vector128<float> before, Vector128<float> twinBefore, Vector128<float> added, float* costs, int pair)
    {
        Vector128<float> even = before + Vector128.Shuffle(added, Vector128.Create(0, 0, 0, 0));
        Vector128<float> odd = ExchangeHalves(before) + Vector128.Shuffle(added, Vector128.Create(1, 1, 1, 1));
        Vector128<float> twinEven = twinBefore + Vector128.Shuffle(added, Vector128.Create(2, 2, 2, 2));
        Vector128<float> twinOdd = ExchangeHalves(twinBefore) + Vector128.Shuffle(added, Vector128.Create(3, 3, 3, 3));
        Vector128<float> isOdd = Vector128.LessThan(odd, even);
        Vector128<float> isTwinOdd = Vector128.LessThan(twinOdd, twinEven);
        Vector128<float> first = Vector128.ConditionalSelect(isOdd, odd, even);
        Vector128<float> second = Vector128.ConditionalSelect(isTwinOdd, twinOdd, twinEven);
        ZipLower(first, second).Store(costs + 2 * pair);
        ZipUpper(first, second).Store(costs + 2 * pair + 4);
        return (isOdd.ExtractMostSignificantBits() << pair) | (isTwinOdd.ExtractMostSignificantBits() << (States / 2 + pair));
    }

    /// <summary>What parities exchange: states whose second-lowest bit differs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExchangeHalves(Vector128<float> x) => Vector128.Shuffle(x, Vector128.Create(2, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLower(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipUpper(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    private static void Rebase(float* costs)
    {
        Vector128<float> least = Vector128.Create(costs[CheapestOf(costs)]);
        for (int state = 0; state < States; state += Lanes)
        {
            (Vector128.Load(costs + state) - least).Store(costs + state);
        }
    }

    private static byte CheapestOf(float* costs)
    {
        int cheapest = 0;
        for (int state = 1; state < States; state++)
        {
            cheapest = costs[state] < costs[cheapest] ? state : cheapest;
        }

        return (byte)cheapest;
    }

    private static float Square(float x) => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float CostOf(int magnitude, int table)
    {
        (int first, int last) = _rows[table];
        return _costs[first + Math.Min(magnitude, last)];
    }

    /// <summary>What there is to choose of for a value that is on a path.</summary>
    private struct Choice
    {
        /// <summary>The value's place.</summary>
        public int At;

        /// <summary>Of which parity the value is on the cheapest path to each state after it; see <see cref="Advance"/>.</summary>
        public uint Decisions;

        /// <summary>The magnitudes of either parity in either quantiser that are looked at; see <see cref="Compare"/>.</summary>
        public ulong Magnitudes;
    }
}
