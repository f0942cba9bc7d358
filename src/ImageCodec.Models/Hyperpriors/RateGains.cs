using System.Numerics;
using System.Runtime.CompilerServices;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// One network for all rates (Cui et al., 2021): what a latent's channels are multiplied by before they are rounded, what takes that back, and what tells the
/// synthesis transform how coarsely they were rounded. Each is learned for some rates and interpolated between them.
/// </summary>
internal sealed class RateGains
{
    /// <summary>Rates for which gains are learned. A rate is a number from 0 to this less 1.</summary>
    public const int RateCount = 8;

    /// <summary>So that neighbouring levels differ in size by less than two percent.</summary>
    public const int LevelCount = 255;

    /// <summary>λ of the lowest rate: the price of distortion in bits per pixel for a squared error of one 8-bit level.</summary>
    private const double LowestLambda = 0.0002;

    /// <summary>From each learned rate to the next.</summary>
    private const double LambdaRatio = 2.514;

    /// <summary>The step of the middle rate in values of [0, 1]: about where training takes it.</summary>
    private const double MiddleStep = 0.29;

    private readonly int _channels;

    /// <summary>Makes the tables for a latent of so many channels.</summary>
    public RateGains(int channels)
    {
        _channels = channels;
        LogGains = new Parameter("log_gains", ParameterLayout.Matrix(RateCount, channels));
        LogInverseGains = new Parameter("log_inverse_gains", ParameterLayout.Matrix(RateCount, channels));
        Offsets = new Parameter("offsets", ParameterLayout.Matrix(RateCount, channels));
    }

    /// <summary>[rate, channel], natural logarithms.</summary>
    public Parameter LogGains { get; }

    /// <summary>[rate, channel], natural logarithms of what decoded values are multiplied by.</summary>
    public Parameter LogInverseGains { get; }

    /// <summary>[rate, channel], what is added to decoded values once they are multiplied.</summary>
    public Parameter Offsets { get; }

    public IReadOnlyList<Parameter> Parameters => [LogGains, LogInverseGains, Offsets];

    /// <summary>The rate that a level stands for.</summary>
    public static float RateOf(int level) => (level - 1) * ((RateCount - 1) / (LevelCount - 1f));

    /// <summary>λ at a rate; the same on every machine.</summary>
    public static double Lambda(double rate) => LowestLambda * DeterministicMath.Exp(rate * DeterministicMath.Log(LambdaRatio));

    /// <summary>The learned rate below a rate, and how far it is to the next one.</summary>
    public static (int Lower, float Part) Locate(float rate)
    {
        int lower = Math.Min((int)rate, RateCount - 2);
        return (lower, rate - lower);
    }

    /// <summary>The channels' values at a rate; the same on every machine.</summary>
    /// <param name="table">One of <see cref="Parameters"/>.</param>
    /// <param name="rate">The rate.</param>
    public float[] At(Parameter table, float rate)
    {
        (int index, float part) = Locate(rate);
        ReadOnlySpan<float> lower = table.Values.Slice(index * _channels, _channels);
        ReadOnlySpan<float> upper = table.Values.Slice((index + 1) * _channels, _channels);
        float[] values = new float[_channels];
        for (int channel = 0; channel < values.Length; channel++)
        {
            values[channel] = lower[channel] + part * (upper[channel] - lower[channel]);
        }

        return values;
    }

    /// <summary>Multiplies a place's values, which lie channel by channel, by their gains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> values, ReadOnlySpan<float> gains, Span<float> products)
    {
        int channel = 0;
        for (; channel <= values.Length - Vector<float>.Count; channel += Vector<float>.Count)
        {
            (new Vector<float>(values[channel..]) * new Vector<float>(gains[channel..])).CopyTo(products[channel..]);
        }

        for (; channel < values.Length; channel++)
        {
            products[channel] = values[channel] * gains[channel];
        }
    }

    /// <summary>What each channel is multiplied by at a rate; the same on every machine.</summary>
    public float[] Gains(float rate) => Exp(At(LogGains, rate));

    /// <summary>What turns values as they are coded at a rate into a latent; the same on every machine.</summary>
    public InverseGain Inverse(float rate) => new(Exp(At(LogInverseGains, rate)), At(Offsets, rate));

    /// <summary>Sets what training begins with: the step rises as the optimal one does with 1 / √λ.</summary>
    public void Initialize()
    {
        for (int rate = 0; rate < RateCount; rate++)
        {
            float gain = (float)(0.5 * Math.Log(LambdaRatio) * (rate - (RateCount - 1) / 2.0) - Math.Log(MiddleStep));
            LogGains.Values.Slice(rate * _channels, _channels).Fill(gain);
            LogInverseGains.Values.Slice(rate * _channels, _channels).Fill(-gain);
        }

        Offsets.Values.Clear();
    }

    private static float[] Exp(float[] logGains)
    {
        foreach (ref float gain in logGains.AsSpan())
        {
            gain = (float)DeterministicMath.Exp(Math.Clamp(gain, -30f, 30f));
        }

        return logGains;
    }
}
