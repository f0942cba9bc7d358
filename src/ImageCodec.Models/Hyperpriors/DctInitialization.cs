using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Lets the hyperprior's transforms begin as what classical codecs end with: an orthonormal colour transform, the discrete cosine transform
/// (Ahmed, Natarajan and Rao, 1974) of 8×8 blocks, and sums and differences of four neighbours. Training then improves a working
/// codec in place of finding one.
/// </summary>
internal static class DctInitialization
{
    private const int Block = HyperpriorNetwork.Block;
    private const int Colours = HyperpriorNetwork.Colours;

    /// <summary>What a filter's first layer multiplies pixels by, beyond random weights: in [0, 1] they differ little from one another.</summary>
    private const float FilterContrast = 8;

    /// <summary>What is left of random weights beside the transform's, so that no two channels learn the same.</summary>
    private const float Noise = 0.01f;

    // Rows are luma-like, blue against red, green against both.
    private static readonly double[,] ColourTransform =
    {
        { 1 / Math.Sqrt(3), 1 / Math.Sqrt(3), 1 / Math.Sqrt(3) },
        { 1 / Math.Sqrt(2), 0, -1 / Math.Sqrt(2) },
        { 1 / Math.Sqrt(6), -2 / Math.Sqrt(6), 1 / Math.Sqrt(6) },
    };

    /// <summary>Sets the weights of a freshly initialised hyperprior network.</summary>
    public static void Run(HyperpriorNetwork network)
    {
        Layer[] layers = [.. network.Blocks];
        foreach (ResidualBlock block in layers.OfType<ResidualBlock>())
        {
            block.BecomeIdentity();
            Centre((ConvolutionLayer)block.Inner.Layers[0]);
        }

        ConvolutionLayer[] convolutions = [.. layers.OfType<ConvolutionLayer>()];
        (ConvolutionLayer blocks, ConvolutionLayer down) = (convolutions[0], convolutions[1]);
        (ConvolutionLayer up, ConvolutionLayer pixels) = (convolutions[2], convolutions[3]);
        int width = blocks.Bias.Length;
        foreach (ConvolutionLayer layer in convolutions)
        {
            foreach (ref float weight in layer.Weight.Values)
            {
                weight *= Noise;
            }
        }

        SetBlocks(blocks, pixels, ChooseFrequencies(width), width);
        SetNeighbours(down, up, width, network.LatentChannels);
        foreach (ConvolutionLayer layer in convolutions)
        {
            layer.Weight.Changed();
            layer.Bias.Changed();
        }
    }

    /// <summary>Lets a filter's first layer see pixels as distances from mid-grey, so that half of its units answer to a place.</summary>
    private static void Centre(ConvolutionLayer layer)
    {
        (int inputs, int outputs) = (layer.Geometry.Inputs, layer.Geometry.Outputs);
        layer.Bias.Values.Clear();
        for (int i = 0; i < layer.Weight.Length; i++)
        {
            layer.Weight.Values[i] *= FilterContrast;
            if (inputs == Colours || HoldsColour(i / outputs % inputs))
            {
                layer.Bias.Values[i % outputs] -= 0.5f * layer.Weight.Values[i];
            }
        }

        layer.Weight.Changed();
        layer.Bias.Changed();
    }

    /// <summary>Whether a channel of the decoder's filters is a colour of a pixel.</summary>
    private static bool HoldsColour(int channel) => channel < 4 * HyperpriorNetwork.Planes && channel % HyperpriorNetwork.Planes < Colours;

    /// <summary>The channel of the decoder's last linear layer that is a colour of a pixel of a block.</summary>
    /// <param name="place">The pixel, counted row by row.</param>
    /// <param name="colour">The colour.</param>
    private static int SynthesisChannel(int place, int colour)
    {
        (int row, int column) = Math.DivRem(place, Block);
        int four = row / 2 * (Block / 2) + column / 2;
        int ofFour = row % 2 * 2 + column % 2;
        return four * HyperpriorNetwork.HalfSizeChannels + ofFour * HyperpriorNetwork.Planes + colour;
    }

    /// <summary>The lowest frequencies; those of colour count as twice as high.</summary>
    private static (int Colour, int Row, int Column)[] ChooseFrequencies(int count) =>
    [
        .. (from colour in Enumerable.Range(0, Colours)
            from row in Enumerable.Range(0, Block)
            from column in Enumerable.Range(0, Block)
            orderby (colour == 0 ? 1 : 2) * (row + column + 1), colour
            select (colour, row, column)).Take(count),
    ];

    private static void SetBlocks(ConvolutionLayer analysis, ConvolutionLayer synthesis, (int Colour, int Row, int Column)[] frequencies, int width)
    {
        // 3×3 kernels, of which only the middle is used.
        const int Middle = 4;
        int inputs = Colours * Block * Block;
        for (int channel = 0; channel < width; channel++)
        {
            double sum = 0;
            for (int input = 0; input < inputs; input++)
            {
                (int place, int colour) = Math.DivRem(input, Colours);
                double value = ColourTransform[frequencies[channel].Colour, colour]
                    * Cosine(frequencies[channel].Row, place / Block) * Cosine(frequencies[channel].Column, place % Block);
                analysis.Weight.Values[(Middle * inputs + input) * width + channel] += (float)value;
                synthesis.Weight.Values[(Middle * width + channel) * synthesis.Bias.Length + SynthesisChannel(place, colour)] += (float)value;
                sum += value;
            }

            // Pixels are seen as distances from mid-grey.
            analysis.Bias.Values[channel] = (float)(-0.5 * sum);
        }

        for (int output = 0; output < synthesis.Bias.Length; output++)
        {
            synthesis.Bias.Values[output] = HoldsColour(output % HyperpriorNetwork.HalfSizeChannels) ? 0.5f : 0;
        }
    }

    private static void SetNeighbours(ConvolutionLayer down, ConvolutionLayer up, int width, int latentChannels)
    {
        const int DownKernel = 3;
        const int UpKernel = 4;
        for (int latent = 0; latent < latentChannels; latent++)
        {
            // By rising frequency: as long as there are channels enough, the sum and the three differences of each, then sums alone.
            int whole = (latentChannels - width) / 3;
            (int channel, int kind) = latent < 4 * whole ? (latent / 4, latent % 4) : (latent - 3 * whole, 0);
            for (int place = 0; place < 4; place++)
            {
                (int row, int column) = (place >> 1, place & 1);
                bool isNegative = ((kind & 1 & column) ^ (kind >> 1 & row)) == 1;
                float value = isNegative ? -0.5f : 0.5f;
                down.Weight.Values[(((row + 1) * DownKernel + column + 1) * width + channel) * latentChannels + latent] += value;
                up.Weight.Values[(((row + 1) * UpKernel + column + 1) * width + channel) * latentChannels + latent] += value;
            }
        }
    }

    private static double Cosine(int frequency, int position)
    {
        // Cosines of multiples of π / 16 from roots alone, the same on every machine: cos (m + 1)θ = 2 cos θ cos mθ − cos (m − 1)θ.
        double unit = Math.Sqrt(2 + Math.Sqrt(2 + Math.Sqrt(2))) / 2;
        (double before, double current) = (unit, 1);
        for (int multiple = (2 * position + 1) * frequency; multiple > 0; multiple--)
        {
            (before, current) = (current, 2 * unit * current - before);
        }

        return Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Block) * current;
    }
}
