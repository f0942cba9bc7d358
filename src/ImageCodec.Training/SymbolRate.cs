using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>
/// The rate of one picture's symbols under an ideal adaptive coder, which comes to know how often each symbol occurs, and how the
/// rate changes as latents move.
/// </summary>
internal static class SymbolRate
{
    /// <summary>Quantises a picture's latent as the real quantiser does.</summary>
    /// <param name="latent">The latent, values of at least zero.</param>
    /// <param name="bits">Bits of a symbol.</param>
    /// <param name="gradientScale">What the gradient of the bits is multiplied by.</param>
    /// <param name="quantized">Receives the centres of the cells.</param>
    /// <param name="gradient">
    /// Receives the gradient: the code lengths of symbols, −log2 of their frequency, are taken for a function of the latent that is
    /// linear between the centres of cells.
    /// </param>
    /// <returns>The bits of all symbols.</returns>
    public static double Quantize(ReadOnlySpan<float> latent, int bits, double gradientScale, Span<float> quantized, Span<float> gradient)
    {
        int cells = 1 << bits;
        float largest = 0;
        foreach (float value in latent)
        {
            largest = Math.Max(largest, value);
        }

        float range = UniformQuantizer.RoundRange(largest);
        if (range == 0)
        {
            quantized.Clear();
            gradient.Clear();
            return 0;
        }

        float scale = cells / range;
        Span<int> counts = stackalloc int[cells];
        foreach (float value in latent)
        {
            counts[Math.Clamp((int)(value * scale), 0, cells - 1)]++;
        }

        // Half a count for each symbol, so that one not seen yet is dear but not impossible.
        Span<double> lengths = stackalloc double[cells];
        double total = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            lengths[cell] = -Math.Log2((counts[cell] + 0.5) / (latent.Length + 0.5 * cells));
            total += counts[cell] * lengths[cell];
        }

        Span<float> slopes = stackalloc float[cells];
        for (int cell = 0; cell < cells - 1; cell++)
        {
            slopes[cell] = (float)((lengths[cell + 1] - lengths[cell]) * scale * gradientScale);
        }

        for (int i = 0; i < latent.Length; i++)
        {
            float place = latent[i] * scale;
            int cell = Math.Clamp((int)place, 0, cells - 1);
            quantized[i] = (cell + 0.5f) / scale;
            gradient[i] = slopes[Math.Clamp((int)(place - 0.5f), 0, Math.Max(0, cells - 2))];
        }

        return total;
    }
}
