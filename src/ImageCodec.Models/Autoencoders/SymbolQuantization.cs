using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Autoencoders;

/// <summary>
/// One picture's latent through the real quantiser, with gradients: of the picture's error straight through the rounding
/// (Bengio et al., 2013), and of the rate of its symbols under an ideal adaptive coder, which comes to know how often each occurs in
/// each channel.
/// Both also reach the largest value, on which the cells' width hangs.
/// </summary>
internal static class SymbolQuantization
{
    /// <summary>Quantises a latent.</summary>
    /// <param name="latent">The latent, values of at least zero.</param>
    /// <param name="bits">Bits of a symbol.</param>
    /// <param name="channels">Channels of the latent, which lie side by side.</param>
    /// <param name="quantized">Receives the centres of the cells.</param>
    /// <param name="rateGradient">
    /// Receives the gradient of the bits: the code lengths of symbols, −log2 of their frequency, are taken for a function of the
    /// latent that is linear between the centres of cells.
    /// </param>
    /// <returns>The bits of all symbols.</returns>
    public static double Forward(ReadOnlySpan<float> latent, int bits, int channels, Span<float> quantized, Span<float> rateGradient)
    {
        int cells = 1 << bits;
        int largest = IndexOfLargest(latent);
        (float range, float kept) = UniformQuantizer.GetRanges(latent[largest]);
        if (range == 0)
        {
            quantized.Clear();
            rateGradient.Clear();
            return 0;
        }

        float scale = cells / range;
        int[] counts = new int[channels * cells];
        for (int i = 0; i < latent.Length; i++)
        {
            counts[i % channels * cells + Cell(latent[i])]++;
        }

        // Half a count for each symbol, so that one not seen yet is dear but not impossible.
        double[] lengths = new double[counts.Length];
        float[] slopes = new float[counts.Length];
        double total = 0;
        double perChannel = latent.Length / (double)channels + 0.5 * cells;
        for (int i = 0; i < counts.Length; i++)
        {
            lengths[i] = -Math.Log2((counts[i] + 0.5) / perChannel);
            total += counts[i] * lengths[i];
            if (i % cells > 0)
            {
                slopes[i - 1] = (float)((lengths[i] - lengths[i - 1]) * scale);
            }
        }

        double byRange = 0;
        for (int i = 0; i < latent.Length; i++)
        {
            int below = Math.Clamp((int)(latent[i] * scale - 0.5f), 0, Math.Max(0, cells - 2));
            quantized[i] = (Cell(latent[i]) + 0.5f) * kept / cells;
            rateGradient[i] = slopes[i % channels * cells + below];
            byRange -= rateGradient[i] * latent[i] / range;
        }

        rateGradient[largest] += (float)byRange;
        return total;

        int Cell(float value) => Math.Clamp((int)(value * scale), 0, cells - 1);
    }

    /// <summary>Adds noise, uniform over the width of a cell and on both sides, in place of rounding.</summary>
    public static void AddNoise(ReadOnlySpan<float> latent, int bits, Span<float> noisy, RandomSource random)
    {
        float half = Math.Max(0, latent[IndexOfLargest(latent)]) / (2 << bits);
        for (int i = 0; i < latent.Length; i++)
        {
            noisy[i] = latent[i] + random.NextSingle(-half, half);
        }
    }

    /// <summary>Turns the gradient by the quantised latent into that by the latent.</summary>
    public static void Backward(ReadOnlySpan<float> latent, ReadOnlySpan<float> quantized, Span<float> gradient)
    {
        int largest = IndexOfLargest(latent);
        if (latent[largest] <= 0)
        {
            return;
        }

        // A value is range · Q(latent / range); with Q' taken for 1, its slope by the range is Q − latent / range.
        double byRange = 0;
        for (int i = 0; i < latent.Length; i++)
        {
            byRange += (double)gradient[i] * (quantized[i] - latent[i]);
        }

        gradient[largest] += (float)(byRange / latent[largest]);
    }

    private static int IndexOfLargest(ReadOnlySpan<float> latent)
    {
        int largest = 0;
        for (int i = 1; i < latent.Length; i++)
        {
            if (latent[i] > latent[largest])
            {
                largest = i;
            }
        }

        return largest;
    }
}
