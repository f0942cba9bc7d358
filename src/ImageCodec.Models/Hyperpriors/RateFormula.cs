using System.Numerics;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// About how many bits a latent takes at each level, without running what predicts them: as the variance of a channel in a few neighbouring places tells
/// it, after a fit to 60 photos at eight levels each.
/// </summary>
/// <remarks>The same on every machine: sums are of integers, logarithms and products of IEEE 754 arithmetic.</remarks>
internal sealed class RateFormula
{
    /// <summary>Sides of the blocks of places whose variance counts.</summary>
    private const int BlockSide = 2;

    /// <summary>The two weights of variances beside rounding: logarithms of 1 + weight · variance, on the mean, are what bits are fitted with.</summary>
    private const float SmallWeight = 0.3f;
    private const float LargeWeight = 3;

    /// <summary>The fit of the logarithm of bits a value: by the level from −1 to 1 and its square, and by both logarithms, alone and times the level.</summary>
    private static readonly double[] Fit = [0.12731, -0.35835, 0.20314, -0.58655, 1.70954, 0.00738, -0.15998];

    private readonly RateGains _gains;
    private readonly int _channels;
    private readonly int _valueCount;

    /// <summary>[block, channel], sums of squares.</summary>
    private readonly float[] _energies;

    /// <summary>Places of each block.</summary>
    private readonly int[] _places;

    /// <summary>Sums a latent up.</summary>
    public RateFormula(ReadOnlySpan<float> latent, TensorShape shape, RateGains gains)
    {
        (_gains, _channels, _valueCount) = (gains, shape.Channels, shape.Length);
        int columns = (shape.Width + BlockSide - 1) / BlockSide;
        int blocks = (shape.Height + BlockSide - 1) / BlockSide * columns;
        _energies = new float[blocks * _channels];
        _places = new int[blocks];
        for (int place = 0; place < shape.Height * shape.Width; place++)
        {
            (int row, int column) = Math.DivRem(place, shape.Width);
            int block = row / BlockSide * columns + column / BlockSide;
            _places[block]++;
            ReadOnlySpan<float> values = latent.Slice(place * _channels, _channels);
            Span<float> energies = _energies.AsSpan(block * _channels, _channels);
            for (int channel = 0; channel < values.Length; channel++)
            {
                float value = UniformQuantizer.CheckFinite(values[channel]);
                energies[channel] += value * value;
            }
        }
    }

    /// <summary>The level whose bits come near a number, by bisection.</summary>
    public int FindLevel(double bits)
    {
        (int low, int high) = (1, RateGains.LevelCount);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Bits(middle) < bits ? (middle + 1, high) : (low, middle);
        }

        return low > 1 && bits / Bits(low - 1) < Bits(low) / bits ? low - 1 : low;
    }

    /// <summary>About how many bits the latent takes at a level.</summary>
    public double Bits(int level)
    {
        float[] squaredGains = [.. _gains.Gains(RateGains.RateOf(level)).Select(gain => gain * gain)];
        float[] factors = new float[_channels];
        int factorsFor = 0;
        long small = 0;
        long large = 0;
        for (int block = 0; block < _places.Length; block++)
        {
            int places = _places[block];
            if (places != factorsFor)
            {
                for (int channel = 0; channel < factors.Length; channel++)
                {
                    factors[channel] = squaredGains[channel] / places;
                }

                factorsFor = places;
            }

            ReadOnlySpan<float> energies = _energies.AsSpan(block * _channels, _channels);
            small += places * SumOfLogs(energies, factors, SmallWeight);
            large += places * SumOfLogs(energies, factors, LargeWeight);
        }

        double position = (level - 1) * 2.0 / (RateGains.LevelCount - 1) - 1;
        double first = LogOfMean(small);
        double second = LogOfMean(large);
        double exponent = Fit[0] + Fit[1] * position + Fit[2] * position * position
            + (Fit[3] + Fit[5] * position) * first + (Fit[4] + Fit[6] * position) * second;
        return _valueCount * DeterministicMath.Exp(exponent);
    }

    /// <summary>
    /// The binary logarithms of 1 + weight · factor · energy, with straight lines between powers of two, which are the very bits of a float; 2¹⁵ for each
    /// octave. In integers the order of the sum, and so the width of vectors, does not matter.
    /// </summary>
    private static long SumOfLogs(ReadOnlySpan<float> energies, ReadOnlySpan<float> factors, float weight)
    {
        const int Shift = 8;
        int one = BitConverter.SingleToInt32Bits(1) >> Shift;
        Vector<int> sums = Vector<int>.Zero;
        int i = 0;
        for (; i <= energies.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector<float>.One + weight * (new Vector<float>(energies[i..]) * new Vector<float>(factors[i..]));
            sums += Vector.ShiftRightLogical(Vector.AsVectorInt32(value), Shift) - new Vector<int>(one);
        }

        long sum = Vector.Sum(sums);
        for (; i < energies.Length; i++)
        {
            sum += (BitConverter.SingleToInt32Bits(1 + weight * (energies[i] * factors[i])) >> Shift) - one;
        }

        return sum;
    }

    private double LogOfMean(long sum) => DeterministicMath.Log(Math.Max(sum / (double)(1 << 16) / _valueCount, 1e-6));
}
