namespace ImageCodec;

public static partial class Metrics
{
    /// <summary>
    /// The perceptual quality by SSIMULACRA2, version 2.1 (Sneyers, Cloudinary 2022 and 2023), fitted to what people said of compressed pictures: 100 for equal
    /// pictures, 90 visually lossless, 70 high, 50 medium and 10 very low quality; below zero beyond that. Unlike PSNR and MS-SSIM, it depends on which of
    /// the two is the original.
    /// </summary>
    /// <remarks>
    /// <para>The pictures count as sRGB; alpha is ignored. In the XYB space of JPEG XL, and on six scales, each half the one before in linear light, three
    /// errors are mapped in Gaussian windows (σ = 1.5): of the structure, of edges that came up (ringing, blocks), and of edges that are lost (blur). The means
    /// and 4-norms of these maps are weighted and put on the scale. Scores are those of the reference program, what it rounds included.</para>
    /// <para>The program goes on to the next scale while both sides have 8 pixels, so six scales need sides of at least 113. With fewer scales it gives the
    /// weights out one after the other, partly to other maps than they were fitted for; so it is here. Figures of such pictures are those that other tools
    /// show, but mean less. The program refuses sides below 8; here the last pixels are repeated up to 8.</para>
    /// <para>Rows are worked through as they come, by one thread. Memory goes with the width alone, some 2500 bytes a column: 10 MB for 4000×3000 pixels. Pictures
    /// wider than 65,535 pixels, and wider than high, are looked at turned, so that it is 160 MB at most; as the rounding then adds up otherwise, their scores
    /// are points off. All but the last step, a power, is the same to the bit on every machine.</para>
    /// </remarks>
    /// <param name="original">The picture as it was.</param>
    /// <param name="restored">What came back.</param>
    /// <exception cref="ArgumentNullException">A picture is null.</exception>
    /// <exception cref="ArgumentException">The pictures have different sizes.</exception>
    public static double Ssimulacra2(RgbImage original, RgbImage restored)
    {
        CheckSizes(original, restored);
        return Ssimulacra2Engine.ToScore(Ssimulacra2Engine.Difference(original, restored), Math.Pow);
    }
}
