using System.Numerics;

namespace ImageCodec.Models.Residuals;

/// <summary>
/// Predicts the values of one channel: by two filters over what is known around them, which learn from each error, a fast one and a slow one; by the median edge detector, and by the errors before and above.
/// The nearer one of the four was to the values around, the more it counts.
/// </summary>
/// <remarks>In sixteenths of a level, and in integers, which add up to the same in any order.</remarks>
/// <param name="width">The picture's width.</param>
internal sealed class ValuePredictor(int width)
{
    /// <summary>Fractional bits of predictions.</summary>
    public const int FractionBits = 4;

    /// <summary>What the filters read: 26 differences, and zeros.</summary>
    private const int InputCount = 32;

    private const int Count = 4;
    private const int Margin = ChannelRows.Margin;

    // Weights have 22 fractional bits to learn with, of which 14 count.
    private const int WeightBits = 22;
    private const int SpareBits = 8;

    // An error times an input over the inputs' energy, in these steps, is learnt of.
    private const int StepBits = 17;
    private const int FastShift = 3;
    private const int SlowShift = 6;

    /// <summary>Added to the energy, so that little is learnt where there is next to nothing to learn from.</summary>
    private const int LeastEnergy = 20;

    private const int LargestMiss = 1023;

    /// <summary>Weights of predictions by what they missed around: it counts by its inverse fourth power.</summary>
    private static readonly long[] s_trust = CreateTrust();

    private readonly int[] _inputs = new int[InputCount];
    private readonly int[] _fast = CreateWeights();
    private readonly int[] _slow = CreateWeights();
    private readonly int[] _predictions = new int[Count];

    // What each prediction missed in this row and the one above.
    private int[][] _misses = CreateMisses(width);
    private int[][] _missesAbove = CreateMisses(width);
    private int _energy;

    /// <summary>Goes to the next row.</summary>
    public void MoveDown() => (_misses, _missesAbove) = (_missesAbove, _misses);

    /// <summary>Predicts a value.</summary>
    /// <param name="own">The rows of its channel.</param>
    /// <param name="before">Those of the channel before, known at this place too; null for the first.</param>
    /// <param name="first">Those of the channel before that; null but for the third.</param>
    /// <param name="at">The place, counted with the margin.</param>
    /// <returns>The value in sixteenths, 0 … 4080.</returns>
    public int Predict(ChannelRows own, ChannelRows? before, ChannelRows? first, int at)
    {
        ReadInputs(own, before, first, at);
        Vector<int> fast = Vector<int>.Zero;
        Vector<int> slow = Vector<int>.Zero;
        Vector<int> energy = Vector<int>.Zero;
        for (int i = 0; i < InputCount; i += Vector<int>.Count)
        {
            Vector<int> inputs = new(_inputs, i);
            fast += (new Vector<int>(_fast, i) >> SpareBits) * inputs;
            slow += (new Vector<int>(_slow, i) >> SpareBits) * inputs;
            energy += inputs * inputs;
        }

        const int Shift = WeightBits - SpareBits - FractionBits;
        int level = own.Base[at] << FractionBits;
        int edge = own.MedianEdge(at);
        _energy = Vector.Sum(energy) + LeastEnergy;
        _predictions[0] = level + (Vector.Sum(fast) >> Shift);
        _predictions[1] = level + (Vector.Sum(slow) >> Shift);
        _predictions[2] = (before is null ? edge : edge + before.Value(at) - before.MedianEdge(at)) << FractionBits;
        _predictions[3] = level + ((own.Errors[at - 1] + own.ErrorsAbove[at]) << (FractionBits - 1));
        long sum = 0;
        long weights = 0;
        for (int i = 0; i < Count; i++)
        {
            int[] row = _misses[i];
            int[] above = _missesAbove[i];
            int missed = 2 * (row[at - 1] + above[at] + above[at + 1]) + above[at - 1] + row[at - 2];
            long weight = s_trust[missed >> 5];
            sum += weight * _predictions[i];
            weights += weight;
        }

        return (int)Math.Clamp(sum / weights, 0, 255 << FractionBits);
    }

    /// <summary>Learns the value that came at the place that was predicted last.</summary>
    public void Learn(int value, int at)
    {
        int exact = value << FractionBits;
        for (int i = 0; i < Count; i++)
        {
            _misses[i][at] = Math.Min(Math.Abs(exact - _predictions[i]), LargestMiss);
        }

        Learn(_fast, exact - _predictions[0], FastShift);
        Learn(_slow, exact - _predictions[1], SlowShift);
    }

    private static int[] CreateWeights()
    {
        int[] weights = new int[InputCount];
        weights.AsSpan(0, 2).Fill(1 << (WeightBits - 1));
        return weights;
    }

    private static int[][] CreateMisses(int width) => [.. Enumerable.Range(0, Count).Select(_ => new int[width + 2 * Margin])];

    private static long[] CreateTrust()
    {
        // 2^31 / (missed + 2)^4, for sums of misses in steps of 32.
        long[] trust = new long[(8 * LargestMiss >> 5) + 1];
        for (int missed = 0; missed < trust.Length; missed++)
        {
            long square = (missed + 2L) * (missed + 2L);
            trust[missed] = Math.Max(1, (1L << 31) / (square * square));
        }

        return trust;
    }

    /// <summary>A step of the normalised least mean squares filter.</summary>
    private void Learn(int[] weights, int error, int shift)
    {
        // Errors beyond what levels can be off by come of a filter that has run off; more would not fit.
        int step = (Math.Clamp(error, -(1 << 13) + 1, (1 << 13) - 1) << StepBits) / _energy;
        Vector<int> half = new(1 << (shift - 1));
        for (int i = 0; i < InputCount; i += Vector<int>.Count)
        {
            (new Vector<int>(weights, i) + ((new Vector<int>(_inputs, i) * step + half) >> shift)).CopyTo(weights, i);
        }
    }

    private void ReadInputs(ChannelRows own, ChannelRows? before, ChannelRows? first, int at)
    {
        int[] inputs = _inputs;
        inputs[0] = own.Errors[at - 1];
        inputs[1] = own.ErrorsAbove[at];
        inputs[2] = own.ErrorsAbove[at - 1];
        inputs[3] = own.ErrorsAbove[at + 1];
        inputs[4] = own.Errors[at - 2];
        inputs[5] = own.ErrorsTwoAbove[at];
        inputs[6] = own.ErrorsTwoAbove[at + 1];
        inputs[7] = own.ErrorsTwoAbove[at - 1];
        int level = own.Base[at];
        inputs[8] = own.Base[at - 1] - level;
        inputs[9] = own.Base[at + 1] - level;
        inputs[10] = own.BaseAbove[at] - level;
        inputs[11] = own.BaseBelow[at] - level;
        inputs[12] = own.BaseAbove[at - 1] - level;
        inputs[13] = own.BaseAbove[at + 1] - level;
        inputs[14] = own.BaseBelow[at - 1] - level;
        inputs[15] = own.BaseBelow[at + 1] - level;
        if (before is not null)
        {
            inputs[16] = before.Errors[at];
            inputs[17] = before.Errors[at - 1];
            inputs[18] = before.ErrorsAbove[at];
            inputs[19] = before.ErrorsAbove[at - 1];
            inputs[20] = before.ErrorsAbove[at + 1];
        }

        if (first is not null)
        {
            inputs[21] = first.Errors[at];
            inputs[22] = first.Errors[at - 1];
            inputs[23] = first.ErrorsAbove[at];
        }
    }
}
