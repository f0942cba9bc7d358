using System.Numerics;

namespace ImageCodec.Entropy.Context;

/// <summary>
/// Predicts bits from several contexts at once and learns as it goes: each context counts what it has seen, and a logistic mixer
/// weighs their opinions (Mahoney, 2005), each by how much it has seen. All in integers.
/// </summary>
/// <remarks>
/// Contexts share a table of bounded size by a hash of theirs; two that fall together learn together, which costs bits and nothing else.
/// </remarks>
internal sealed class ContextMixer
{
    private const int Half = 1 << (BinaryRangeEncoder.ProbabilityBits - 1);
    private const int WeightBits = 16;
    private const int LearningShift = 14;
    private const int MinTableBits = 12;
    private const int MaxTableBits = 20;

    /// <summary>Kinds of confidence that an opinion is weighed by.</summary>
    private const int ConfidenceSteps = 8;

    // A context's probability is an average over what it saw, at most about so many bits long.
    private const int MaxCount = 60;

    // No probability comes nearer to certainty than this.
    private const int MinProbability = 32;

    private static readonly int[] Rates = [.. Enumerable.Range(0, MaxCount + 1).Select(n => (int)(65536 / (n + 1.5)))];

    private static readonly byte[] Confidence = [.. Enumerable.Range(0, MaxCount + 1).Select(n => (byte)(n switch
    {
        < 3 => n,
        < 5 => 3,
        < 9 => 4,
        < 20 => 5,
        < MaxCount => 6,
        _ => 7,
    }))];

    private readonly int _inputs;
    private readonly int _hashShift;

    // A probability of 16 bits above a count of 8.
    private readonly uint[] _states;
    private readonly int[] _weights;
    private readonly int[] _slots;
    private readonly int[] _opinions;
    private readonly int[] _weightPlaces;

    /// <param name="inputs">Contexts at a time.</param>
    /// <param name="symbols">Symbols that will be coded; the table's size goes by it.</param>
    /// <param name="weightSets">Kinds of bits, whose opinions are weighed apart.</param>
    public ContextMixer(int inputs, int symbols, int weightSets)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)symbols) + 1, MinTableBits, MaxTableBits);
        _inputs = inputs;
        _hashShift = 32 - bits;
        _states = new uint[inputs << bits];
        _states.AsSpan().Fill((uint)Half << 8);
        _weights = new int[weightSets * inputs * ConfidenceSteps];
        for (int i = 0; i < _weights.Length; i++)
        {
            // Before anything is learnt, an opinion counts for more the more it has seen; all at their most add up to 1.8.
            _weights[i] = (1 << WeightBits) * 9 * (i % ConfidenceSteps) / (5 * (ConfidenceSteps - 1) * inputs);
        }

        _slots = new int[inputs];
        _opinions = new int[inputs];
        _weightPlaces = new int[inputs];
    }

    /// <summary>The probability of a 1, of 65536.</summary>
    /// <param name="contexts">One number for each context.</param>
    /// <param name="node">Which bit of a symbol, after which bits before it; mixed into each context.</param>
    /// <param name="weightSet">The kind of bit.</param>
    public int Predict(ReadOnlySpan<uint> contexts, int node, int weightSet)
    {
        long sum = 0;
        for (int i = 0; i < _inputs; i++)
        {
            uint hash = (contexts[i] + (uint)node * 0x9E3779B1) * 0x85EBCA6B;
            hash = (hash ^ (hash >> 15)) * 0xC2B2AE35;
            int slot = (i << (32 - _hashShift)) + (int)(hash >> _hashShift);
            uint state = _states[slot];
            int weight = (weightSet * _inputs + i) * ConfidenceSteps + Confidence[state & 0xFF];
            int opinion = LogisticFunction.Stretch((int)(state >> 8));
            _slots[i] = slot;
            _opinions[i] = opinion;
            _weightPlaces[i] = weight;
            sum += (long)_weights[weight] * opinion;
        }

        return Math.Clamp(LogisticFunction.Squash((int)(sum >> WeightBits)), MinProbability, (2 * Half) - MinProbability);
    }

    /// <summary>Learns the bit that came.</summary>
    public void Update(int bit, int probability)
    {
        int error = (bit << BinaryRangeEncoder.ProbabilityBits) - probability;
        for (int i = 0; i < _inputs; i++)
        {
            _weights[_weightPlaces[i]] += (_opinions[i] * error) >> LearningShift;
            uint state = _states[_slots[i]];
            int count = (int)(state & 0xFF);
            int before = (int)(state >> 8);
            int target = bit == 1 ? 65535 : 0;
            int after = before + (int)((long)(target - before) * Rates[count] >> 16);
            _states[_slots[i]] = ((uint)after << 8) | (uint)Math.Min(count + 1, MaxCount);
        }
    }
}
