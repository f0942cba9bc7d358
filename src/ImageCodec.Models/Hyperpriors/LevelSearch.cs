using ImageCodec.Entropy;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// Finds the level of a file of a given length from some blocks of the latent alone: quantised as the codec does it, but without the rest of the picture, and
/// with their bits looked up, not coded.
/// </summary>
/// <remarks>The same on every machine.</remarks>
internal sealed class LevelSearch(HyperpriorLatentCodec codec, HyperpriorTables tables)
{
    /// <summary>Sides of a block in places: two places of the hyper-latent.</summary>
    private const int BlockSide = 2 * HyperLatent.Stride;

    /// <summary>Of so many blocks one is taken, along the moves of a knight, so that they lie in all rows and columns.</summary>
    private const int BlocksForOne = 5;

    /// <summary>Latents of fewer blocks are taken whole.</summary>
    private const int LeastBlocks = 12;

    private const int MostBlocks = 60;

    /// <summary>How the logarithm of the length rises with the level on usual photos.</summary>
    private const double UsualSlope = 0.0125;

    private const int MostSteps = 5;

    /// <summary>Runs the search.</summary>
    public int Run(ReadOnlySpan<float> latent, TensorShape shape, double length, CancellationToken cancellationToken)
    {
        float[] sample = TakeSample(latent, shape, out TensorShape sampleShape);
        double target = 8 * Math.Max(length, 1);
        (double Level, double Bits) low = (0, 0);
        (double Level, double Bits) high = (RateGains.LevelCount + 1, double.PositiveInfinity);
        double level = codec.DefaultLevel;
        for (int step = 0; step < MostSteps; step++)
        {
            int tried = (int)Math.Round(Math.Clamp(level, 1, RateGains.LevelCount));
            double bits = Estimate(latent, shape, sample, sampleShape, tried, cancellationToken);
            double distance = DeterministicMath.Log(target / bits) / UsualSlope;
            (low, high) = bits < target ? (((double)tried, bits), high) : (low, ((double)tried, bits));
            bool isBracketed = low.Level >= 1 && high.Level <= RateGains.LevelCount;
            level = isBracketed
                ? low.Level + (high.Level - low.Level) * DeterministicMath.Log(target / low.Bits) / DeterministicMath.Log(high.Bits / low.Bits)
                : Math.Clamp(tried + distance, low.Level, high.Level);
            if (high.Level - low.Level <= 1 || Math.Abs(level - tried) < 0.5)
            {
                break;
            }
        }

        return (int)Math.Round(Math.Clamp(level, 1, RateGains.LevelCount));
    }

    private double Estimate(
        ReadOnlySpan<float> latent, TensorShape shape, float[] sample, TensorShape sampleShape, int level, CancellationToken cancellationToken)
    {
        (short[] values, byte[] indices) = codec.Quantize(sample, sampleShape, level, null, [], cancellationToken);
        double bits = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bits += tables.Quantizer.BitsOf(values[i], indices[i]);
        }

        return bits * latent.Length / sample.Length;
    }

    private static float[] TakeSample(ReadOnlySpan<float> latent, TensorShape shape, out TensorShape sampleShape)
    {
        List<(int Row, int Column)> blocks = [];
        int rows = shape.Height / BlockSide;
        int columns = shape.Width / BlockSide;
        for (int row = 0; row < rows; row++)
        {
            for (int column = (2 * row) % BlocksForOne; column < columns; column += BlocksForOne)
            {
                blocks.Add((row, column));
            }
        }

        if (rows * columns < LeastBlocks)
        {
            sampleShape = shape;
            return latent.ToArray();
        }

        blocks = [.. blocks.Where((_, i) => i % ((blocks.Count + MostBlocks - 1) / MostBlocks) == 0)];
        sampleShape = new TensorShape(BlockSide, BlockSide * blocks.Count, shape.Channels);
        float[] sample = new float[sampleShape.Length];
        int length = BlockSide * shape.Channels;
        for (int block = 0; block < blocks.Count; block++)
        {
            for (int row = 0; row < BlockSide; row++)
            {
                latent.Slice(((blocks[block].Row * BlockSide + row) * shape.Width + blocks[block].Column * BlockSide) * shape.Channels, length)
                    .CopyTo(sample.AsSpan((row * sampleShape.Width + block * BlockSide) * shape.Channels, length));
            }
        }

        return sample;
    }
}
