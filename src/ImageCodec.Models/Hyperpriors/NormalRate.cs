namespace ImageCodec.Models.Hyperpriors;

/// <summary>The information content of a value in the unit interval around it, under a normal distribution, with its slopes.</summary>
internal static class NormalRate
{
    /// <summary>Below this likelihood the tail's asymptote takes over, which has slopes where the likelihood has none left.</summary>
    public const float LowestLikelihood = 1e-9f;

    private const float InverseLn2 = 1.44269504f;
    private const float InverseRoot2 = 0.70710678f;
    private const float InverseRoot2Pi = 0.39894228f;

    /// <summary>Bits of [x − ½, x + ½] under a normal distribution around zero.</summary>
    /// <param name="x">The distance from the mean.</param>
    /// <param name="logScale">The natural logarithm of the standard deviation.</param>
    /// <param name="byValue">The slope by <paramref name="x"/>.</param>
    /// <param name="byLogScale">The slope by <paramref name="logScale"/>.</param>
    public static float Bits(float x, float logScale, out float byValue, out float byLogScale)
    {
        float inverseScale = Exp(-logScale);
        float distance = MathF.Abs(x);
        float near = (0.5f - distance) * inverseScale;
        float far = (-0.5f - distance) * inverseScale;
        float likelihood = Below(near) - Below(far);
        if (likelihood > LowestLikelihood)
        {
            float nearDensity = Density(near);
            float farDensity = Density(far);
            float slope = InverseLn2 / likelihood;
            byValue = MathF.CopySign(slope * inverseScale * (nearDensity - farDensity), x);
            byLogScale = slope * (near * nearDensity - far * farDensity);
            return -MathF.Log2(likelihood);
        }

        float squared = near * near;
        byValue = MathF.CopySign(InverseLn2 * -near * inverseScale, x);
        byLogScale = -InverseLn2 * squared;
        return InverseLn2 * 0.5f * squared + MathF.Log2(MathF.Max(-near, 1 / inverseScale) / InverseRoot2Pi);
    }

    /// <summary>
    /// e^x = 2^n · e^r with n the nearest integer to x / ln 2 and e^r a polynomial of degree 6: the same on every machine, as slopes decide what an
    /// encoder that spends effort writes.
    /// </summary>
    private static float Exp(float x)
    {
        x = Math.Clamp(x, -87f, 88f);
        float n = MathF.Round(x * InverseLn2);
        float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
        float sum = 1f / 720;
        sum = sum * r + 1f / 120;
        sum = sum * r + 1f / 24;
        sum = sum * r + 1f / 6;
        sum = sum * r + 0.5f;
        sum = sum * r + 1;
        sum = sum * r + 1;
        return sum * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    private static float Density(float x) => InverseRoot2Pi * Exp(-0.5f * x * x);

    /// <summary>The normal distribution's part below x.</summary>
    private static float Below(float x)
    {
        float tail = 0.5f * ComplementaryError(MathF.Abs(x) * InverseRoot2);
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>
    /// erfc of z ≥ 0 with a relative error below 1.2e-7: an exponential of a polynomial in 1 / (1 + z / 2), fitted by Chebyshev's
    /// method (Press et al., «Numerical Recipes»).
    /// </summary>
    private static float ComplementaryError(float z)
    {
        float t = 1 / (1 + 0.5f * z);
        float sum = 0.17087277f;
        sum = sum * t - 0.82215223f;
        sum = sum * t + 1.48851587f;
        sum = sum * t - 1.13520398f;
        sum = sum * t + 0.27886807f;
        sum = sum * t - 0.18628806f;
        sum = sum * t + 0.09678418f;
        sum = sum * t + 0.37409196f;
        sum = sum * t + 1.00002368f;
        sum = sum * t - 1.26551223f;
        return t * Exp(-z * z + sum);
    }
}
