using System.Runtime.Intrinsics;

namespace ImageCodec;

/// <summary>One cosine's recursion yₙ = gain · xₙ − turn · yₙ₋₁ − yₙ₋₂, for one value or for four at once.</summary>
internal readonly struct CosineStep
{
    /// <summary>Values that are had at once.</summary>
    public const int Length = 4;

    private readonly Vector128<float> _in0;
    private readonly Vector128<float> _in1;
    private readonly Vector128<float> _in2;
    private readonly Vector128<float> _in3;
    private readonly Vector128<float> _last;
    private readonly Vector128<float> _older;

    /// <summary>Puts the recursion into itself three times: what each value in, and the two sums before, count for the four sums to come.</summary>
    public CosineStep(double gain, double turn)
    {
        double square = turn * turn;
        double[] powers = [1, -turn, square - 1, -square * turn + 2 * turn, square * square - 3 * square + 1];
        float[] gains = [.. powers[..Length].Select(power => (float)(power * gain))];
        _in0 = Vector128.Create(gains);
        _in1 = Vector128.Create(0, gains[0], gains[1], gains[2]);
        _in2 = Vector128.Create(0, 0, gains[0], gains[1]);
        _in3 = Vector128.Create(0, 0, 0, gains[0]);
        _last = Vector128.Create((float)powers[1], (float)powers[2], (float)powers[3], (float)powers[4]);
        _older = Vector128.Create(-(float)powers[0], -(float)powers[1], -(float)powers[2], -(float)powers[3]);
    }

    /// <summary>The next sum.</summary>
    public float Next(float value, ref CosineState state)
    {
        float sum = MathF.FusedMultiplyAdd(_older.ToScalar(), state.Older.ToScalar(), value * _in0.ToScalar());
        sum = MathF.FusedMultiplyAdd(_last.ToScalar(), state.Last.ToScalar(), sum);
        state = new CosineState(Vector128.Create(sum), state.Last);
        return sum;
    }

    /// <summary>The next four sums.</summary>
    public Vector128<float> Next(Vector128<float> values, ref CosineState state)
    {
        Vector128<float> sums = _in0 * Vector128.Shuffle(values, Vector128.Create(0));
        sums = Vector128.FusedMultiplyAdd(_in1, Vector128.Shuffle(values, Vector128.Create(1)), sums);
        sums = Vector128.FusedMultiplyAdd(_in2, Vector128.Shuffle(values, Vector128.Create(2)), sums);
        sums = Vector128.FusedMultiplyAdd(_in3, Vector128.Shuffle(values, Vector128.Create(3)), sums);
        sums = Vector128.FusedMultiplyAdd(_older, state.Older, sums);
        sums = Vector128.FusedMultiplyAdd(_last, state.Last, sums);
        state = new CosineState(Vector128.Shuffle(sums, Vector128.Create(3)), Vector128.Shuffle(sums, Vector128.Create(2)));
        return sums;
    }
}
