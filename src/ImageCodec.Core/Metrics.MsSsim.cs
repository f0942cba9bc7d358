namespace ImageCodec;

public static partial class Metrics
{
    /// <summary>
    /// The multi-scale structural similarity (Wang, Simoncelli and Bovik 2003): 1 for equal pictures, near 0 for unlike ones. It is measured on
    /// each of the R, G and B channels, and the mean of the three is returned, as papers on learned codecs report it.
    /// </summary>
    /// <remarks>
    /// <para>On each scale a Gaussian window of 11×11 pixels (σ = 1.5) gives local means, variances and covariances wherever it lies wholly
    /// in the picture; K₁ = 0.01, K₂ = 0.03, L = 255. Contrast and structure of each scale count with the weights 0.0448, 0.2856, 0.3001,
    /// 0.2363 and 0.1333, luminance on the coarsest only; one below zero counts as zero. From scale to scale blocks of 2×2 pixels are
    /// averaged; at an odd edge the last pixels are taken twice.</para>
    /// <para>All five scales need sides of at least 161 pixels. A smaller picture is measured on as many scales as its shorter side lets an
    /// 11-pixel window lie in (128×128: four), with the weights of those scaled to a sum of 1, so figures of pictures of different sizes
    /// compare only roughly. With a side below 11 there is one scale, and the window is as large as the shorter side.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The pictures have different sizes.</exception>
    public static double MsSsim(RgbImage first, RgbImage second)
    {
        CheckSizes(first, second);
        double sum = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            sum += StructuralSimilarity.MultiScale(Plane.OfChannel(first, channel), Plane.OfChannel(second, channel));
        }

        return sum / 3;
    }
}
