using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The bits of values under Laplace distributions, and their slopes. A value y has the probability of (y − ½, y + ½), mixed with a little of a tail
/// that costs <see cref="TailBits"/> a unit, as in the integer coder, where no decision is less likely than 4 of 65536: so no value costs more than that,
/// and a value far from the mean is drawn to it.
/// </summary>
internal static unsafe class LaplaceRate
{
    /// <summary>The least and the largest binary logarithm of the scale.</summary>
    public const float MinScale = -4.5f;

    /// <inheritdoc cref="MinScale"/>
    public const float MaxScale = 7.5f;

    /// <summary>Bits a unit in the tail, and for the first unit one more: the tail at distance d is 2^(−14 · max(d, 1) − 1).</summary>
    public const float TailBits = 14;

    /// <summary>The share of the tail in the mixture: what it is at its highest.</summary>
    public const float TailShare = 1f / (1 << 15);

    private const float LogE = 1.44269504f;

    /// <summary>Where rounding leaves a whole number in the low bits of the mantissa.</summary>
    private const float Magic = 12582912f;

    /// <summary>
    /// Adds up the bits of a run of positions, and puts in place of means and scales the slopes of the bits by them, if these are wanted.
    /// </summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">Its operations.</typeparam>
    /// <param name="values">The values.</param>
    /// <param name="means">Means; then slopes by them.</param>
    /// <param name="scales">Binary logarithms of scales; then slopes by them. Beyond the limits the slope is zero unless it leads back.</param>
    /// <param name="slopes">Receives slopes by the values; null if no slopes are wanted.</param>
    /// <param name="ramp">0, 1, 2 …</param>
    /// <param name="count">Positions that count; all after them have slopes of zero.</param>
    /// <param name="width">Positions: whole vectors.</param>
    /// <param name="sums">Three vectors to which bits, slopes by the mean and slopes by the scale are added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TSimd>(
        float* values, float* means, float* scales, float* slopes, float* ramp, int count, int width, float* sums)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        const float Share = 0.5f * (1 - TailShare);
        int lanes = TSimd.Lanes;
        TVector zero = TSimd.Broadcast(0), one = TSimd.Broadcast(1), half = TSimd.Broadcast(0.5f);
        TVector least = TSimd.Broadcast(MinScale), most = TSimd.Broadcast(MaxScale), end = TSimd.Broadcast(count);
        TVector bitSum = zero, meanSum = zero, scaleSum = zero;
        for (nint p = 0; p < width; p += lanes)
        {
            TVector isInside = TSimd.Subtract(end, TSimd.Load(ramp + p));
            TVector difference = TSimd.Subtract(TSimd.Load(values + p), TSimd.Load(means + p));
            TVector distance = TSimd.SelectGreater(difference, zero, difference, TSimd.Subtract(zero, difference));
            TVector rawScale = TSimd.Load(scales + p);
            TVector scale = TSimd.SelectGreater(rawScale, least, rawScale, least);
            scale = TSimd.SelectGreater(most, scale, scale, most);
            TVector u = TSimd.Add(one, PowerMinusOne<TVector, TSimd>(TSimd.Subtract(zero, scale)));
            TVector rate = TSimd.Multiply(u, TSimd.Broadcast(LogE));
            TVector beyond = TSimd.Subtract(distance, half);
            TVector above = TSimd.Add(distance, half);

            // Far, exponents of both parts, the distribution's and the tail's: the larger is taken out, so that nothing vanishes.
            // Near, what the distribution has on the two sides of the interval.
            TVector nearExponent = TSimd.Multiply(beyond, rate);
            TVector farExponent = TSimd.Subtract(zero, nearExponent);
            TVector tailDistance = TSimd.SelectGreater(distance, one, distance, one);
            TVector tailExponent = TSimd.Multiply(tailDistance, TSimd.Broadcast(-TailBits));
            TVector lead = TSimd.Subtract(farExponent, tailExponent);
            TVector minusLead = TSimd.Subtract(zero, lead);
            TVector gap = TSimd.SelectGreater(lead, zero, minusLead, lead);
            TVector first = PowerMinusOne<TVector, TSimd>(TSimd.SelectGreater(half, distance, nearExponent, gap));
            TVector second = PowerMinusOne<TVector, TSimd>(
                TSimd.SelectGreater(half, distance, TSimd.Multiply(above, TSimd.Subtract(zero, rate)), TSimd.Subtract(zero, rate)));
            TVector firstPower = TSimd.Add(first, one);
            TVector secondPower = TSimd.Add(second, one);

            TVector largest = TSimd.SelectGreater(lead, zero, farExponent, tailExponent);
            TVector share = TSimd.Multiply(TSimd.SelectGreater(lead, zero, one, firstPower), TSimd.Broadcast(Share));
            TVector tail = TSimd.Multiply(TSimd.SelectGreater(lead, zero, firstPower, one), half);
            TVector farPart = TSimd.Subtract(zero, TSimd.Multiply(share, second));
            TVector nearPart = TSimd.Multiply(TSimd.Add(first, second), TSimd.Broadcast(-Share));
            TVector probability = TSimd.SelectGreater(
                half, distance, TSimd.Add(nearPart, TSimd.Broadcast(TailShare)), TSimd.Add(farPart, tail));
            TVector shift = TSimd.SelectGreater(half, distance, zero, largest);
            TVector bits = TSimd.Subtract(TSimd.Subtract(zero, shift), Log2<TVector, TSimd>(probability));
            bitSum = TSimd.Add(bitSum, TSimd.SelectGreater(isInside, zero, bits, zero));
            if (slopes is null)
            {
                continue;
            }

            TVector inverse = TSimd.Divide(one, probability);
            TVector tailSlope = TSimd.SelectGreater(distance, one, TSimd.Multiply(tail, TSimd.Broadcast(TailBits)), zero);
            TVector farSlope = TSimd.MultiplyAdd(farPart, rate, tailSlope);
            TVector nearSlope = TSimd.Multiply(TSimd.Multiply(rate, TSimd.Broadcast(Share)), TSimd.Subtract(first, second));
            TVector slope = TSimd.Multiply(TSimd.SelectGreater(half, distance, nearSlope, farSlope), inverse);
            TVector farByScale = TSimd.Multiply(share, TSimd.MultiplyAdd(second, beyond, secondPower));
            TVector nearByScale = TSimd.Multiply(
                TSimd.Broadcast(Share), TSimd.Subtract(TSimd.Multiply(above, secondPower), TSimd.Multiply(beyond, firstPower)));
            TVector byScale = TSimd.Multiply(TSimd.Multiply(TSimd.SelectGreater(half, distance, nearByScale, farByScale), u), inverse);

            TVector leadsBack = TSimd.SelectGreater(rawScale, most, byScale, TSimd.SelectGreater(least, rawScale, TSimd.Subtract(zero, byScale), one));
            byScale = TSimd.SelectGreater(leadsBack, zero, byScale, zero);
            byScale = TSimd.SelectGreater(isInside, zero, byScale, zero);
            slope = TSimd.SelectGreater(isInside, zero, slope, zero);
            TVector byMean = TSimd.SelectGreater(difference, zero, TSimd.Subtract(zero, slope), slope);
            TSimd.Store(TSimd.Subtract(zero, byMean), slopes + p);
            TSimd.Store(byMean, means + p);
            TSimd.Store(byScale, scales + p);
            meanSum = TSimd.Add(meanSum, byMean);
            scaleSum = TSimd.Add(scaleSum, byScale);
        }

        TSimd.Store(TSimd.Add(TSimd.Load(sums), bitSum), sums);
        TSimd.Store(TSimd.Add(TSimd.Load(sums + lanes), meanSum), sums + lanes);
        TSimd.Store(TSimd.Add(TSimd.Load(sums + 2 * lanes), scaleSum), sums + 2 * lanes);
    }

    /// <summary>2^x − 1 without cancellation, for x below 30; what lies below −126 counts as −126.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector PowerMinusOne<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector lowest = TSimd.Broadcast(-126);
        TVector magic = TSimd.Broadcast(Magic);
        TVector one = TSimd.Broadcast(1);
        x = TSimd.SelectGreater(x, lowest, x, lowest);
        TVector shifted = TSimd.Add(x, magic);
        TVector r = TSimd.Subtract(x, TSimd.Subtract(shifted, magic));

        // The series of 2^r − 1; ln 2 to the k by k!, and |r| ≤ ½.
        TVector q = TSimd.Broadcast(1.54035304e-4f);
        q = TSimd.MultiplyAdd(q, r, TSimd.Broadcast(1.33335581e-3f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Broadcast(9.61812911e-3f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Broadcast(5.55041087e-2f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Broadcast(0.240226507f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Broadcast(0.693147181f));
        q = TSimd.Multiply(q, r);
        TVector power = TSimd.Scale(one, shifted);
        return TSimd.MultiplyAdd(power, q, TSimd.Subtract(power, one));
    }

    /// <summary>The binary logarithm of a positive normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Log2<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        TVector one = TSimd.Broadcast(1);
        TVector exponent = TSimd.Exponent(x);
        TVector m = TSimd.Scale(x, TSimd.Subtract(TSimd.Broadcast(Magic), exponent));
        TVector root = TSimd.Broadcast(1.41421356f);
        exponent = TSimd.SelectGreater(m, root, TSimd.Add(exponent, one), exponent);
        m = TSimd.SelectGreater(m, root, TSimd.Multiply(m, TSimd.Broadcast(0.5f)), m);

        // 2 / ln 2 · artanh z, z = (m − 1) / (m + 1), |z| ≤ 0.172.
        TVector z = TSimd.Divide(TSimd.Subtract(m, one), TSimd.Add(m, one));
        TVector square = TSimd.Multiply(z, z);
        TVector q = TSimd.Broadcast(0.320598898f);
        q = TSimd.MultiplyAdd(q, square, TSimd.Broadcast(0.412198583f));
        q = TSimd.MultiplyAdd(q, square, TSimd.Broadcast(0.577078016f));
        q = TSimd.MultiplyAdd(q, square, TSimd.Broadcast(0.961796694f));
        q = TSimd.MultiplyAdd(q, square, TSimd.Broadcast(2.88539008f));
        return TSimd.MultiplyAdd(q, z, exponent);
    }
}
