using ImageCodec.Entropy.Context;

namespace ImageCodec.Models.Residuals;

/// <summary>Codes residuals, whole numbers of steps from the prediction: zero or not, the sign, the magnitude, each bit predicted from several contexts.</summary>
/// <param name="symbolCount">Values that will be coded; the contexts' memory goes by it.</param>
/// <param name="largest">The largest magnitude that may come.</param>
internal sealed class ResidualContexts(int symbolCount, int largest)
{
    private const int Count = 6;
    private const int Activities = 16;

    // Kinds of bits whose contexts are weighed apart, for each activity: zero, sign, which bucket, and which of its magnitudes.
    private const int BucketBits = 2;
    private const int MagnitudeBits = 13;
    private const int MagnitudeSets = 4;
    private const int Sets = MagnitudeBits + MagnitudeSets;

    // The places of bits in the tree that they make.
    private const int ZeroNode = 1;
    private const int SignNode = 2;
    private const int BucketNode = 3;
    private const int NegativeNode = 64;
    private const int MagnitudeNode = 1000;
    private const int MagnitudeNodes = 512;

    /// <summary>Buckets of one magnitude; the next ones double in size.</summary>
    private const int SingleBuckets = 4;

    /// <summary>Where the next step of activity or texture begins.</summary>
    private static readonly int[] s_thresholds = [1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 50, 70, 100, 160];

    private static readonly byte[] s_steps = [.. Enumerable.Range(0, s_thresholds[^1] + 1).Select(value => (byte)s_thresholds.Count(threshold => threshold <= value))];

    private readonly ContextMixer _mixer = new(Count, symbolCount, Activities * Sets);
    private readonly uint[] _contexts = new uint[Count];
    private int _firstSet;

    /// <summary>Goes to a value.</summary>
    /// <param name="own">The rows of its channel.</param>
    /// <param name="before">Those of the channel before; null for the first.</param>
    /// <param name="first">Those of the channel before that; null but for the third.</param>
    /// <param name="at">The place, counted with the margin.</param>
    /// <param name="prediction">Its prediction, in sixteenths.</param>
    public void MoveTo(ChannelRows own, ChannelRows? before, ChannelRows? first, int at, int prediction)
    {
        int channel = before is null ? 0 : first is null ? 1 : 2;
        int west = own.Residuals[at - 1];
        int north = own.ResidualsAbove[at];
        int here = before?.Residuals[at] ?? 0;
        int earlier = first?.Residuals[at] ?? 0;
        int around = 2 * (Math.Abs(west) + Math.Abs(north)) + Math.Abs(own.ResidualsAbove[at - 1]) + Math.Abs(own.ResidualsAbove[at + 1])
            + Math.Abs(own.Residuals[at - 2]) + Math.Abs(own.ResidualsTwoAbove[at]);
        int activity = Step(around);
        int activityHere = Step(around + 4 * Math.Abs(here) + 2 * Math.Abs(earlier));
        int center = ResidualWalk.Nearest(prediction);
        int part = prediction - (center << ValuePredictor.FractionBits);
        _contexts[0] = Hash(channel, activity, part >> 1, 0);
        _contexts[1] = Hash(channel, activity / 3, Math.Clamp(west, -6, 6), Math.Clamp(north, -6, 6));
        _contexts[2] = Hash(channel, activity / 2, Math.Clamp(here, -12, 12), Math.Clamp(earlier, -4, 4));
        _contexts[3] = Hash(channel, activity / 2, center >> 2, Step(4 * Math.Abs(here)));
        _contexts[4] = Hash(channel, own.Value(at - 1), own.ValueAbove(at), center);
        _contexts[5] = before is null ? Hash(channel, own.ValueAbove(at + 1), own.ValueAbove(at), center) : Hash(channel, before.Value(at), here, center);
        _firstSet = activityHere * Sets;
    }

    /// <summary>Codes the residual.</summary>
    /// <param name="coder">Writes or reads.</param>
    /// <param name="residual">What to write; a decoder does not look at it.</param>
    /// <returns>The residual that was written or read.</returns>
    public int Code<TCoder>(ref TCoder coder, int residual)
        where TCoder : IBitCoder, allows ref struct
    {
        if (CodeBit(ref coder, residual != 0, ZeroNode, 0) == 0)
        {
            return 0;
        }

        bool isNegative = CodeBit(ref coder, residual < 0, SignNode, 1) == 1;
        int rest = Math.Abs(residual) - 1;
        int bucket = 0;
        int lowest = 0;
        int bits = 0;
        while (lowest + (1 << bits) < largest && CodeBit(ref coder, rest >= lowest + (1 << bits), BucketNode + bucket + (isNegative ? NegativeNode : 0), BucketBits + bucket) == 1)
        {
            lowest += 1 << bits;
            bucket++;
            bits = Math.Max(0, bucket - SingleBuckets + 1);
        }

        int node = 1;
        for (int i = 0; i < bits; i++)
        {
            bool isSet = ((rest - lowest) >> (bits - 1 - i) & 1) != 0;
            node = 2 * node + CodeBit(ref coder, isSet, MagnitudeNode + bucket * MagnitudeNodes + node, MagnitudeBits + Math.Min(i, MagnitudeSets - 1));
        }

        int magnitude = lowest + node - (1 << bits) + 1;
        return isNegative ? -magnitude : magnitude;
    }

    private static int Step(int value) => s_steps[Math.Min(value, s_steps.Length - 1)];

    private static uint Hash(int a, int b, int c, int d) => (((uint)a * 0x2F0B4C47 + (uint)b) * 0x2F0B4C47 + (uint)c) * 0x2F0B4C47 + (uint)d;

    private int CodeBit<TCoder>(ref TCoder coder, bool bit, int node, int set)
        where TCoder : IBitCoder, allows ref struct
    {
        int probability = _mixer.Predict(_contexts, node, _firstSet + set);
        int coded = coder.Code(bit ? 1 : 0, probability);
        _mixer.Update(coded, probability);
        return coded;
    }
}
