using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>The tables that fit what a hyperprior model's values turn out to be on training pictures.</summary>
internal static class TableEstimate
{
    private const int MaxPictures = 40;

    /// <summary>What is coded depends on the tables, as the encoder looks at what a value costs.</summary>
    private const int Rounds = 2;

    /// <summary>Values of the normal distribution that are counted besides those seen, so that one not seen yet is dear but not impossible.</summary>
    private const double Doubt = 30;

    private const int Magnitudes = HyperpriorTables.Magnitudes;

    /// <summary>Settings at which values are counted, as shares of their range.</summary>
    private static readonly double[] Shares = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Estimates tables.</summary>
    /// <param name="model">A hyperprior model; it has its own tables back afterwards.</param>
    /// <param name="pictures">The pictures; of more than 40 some are taken, evenly spread.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    public static HyperpriorTables Of(Autoencoder model, IReadOnlyList<RgbImage> pictures, int maxThreads)
    {
        Hyperprior hyperprior = model.Network.Hyperprior!;
        HyperpriorLatentCodec codec = new(hyperprior, model.Workspace, maxThreads);
        (float[] Latent, TensorShape Shape)[] latents = [.. Choose(pictures).Select(picture => Analyse(model, picture))];
        HyperpriorTables own = hyperprior.Tables;
        hyperprior.Tables = HyperpriorTables.Normal;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                long[] counts = new long[HyperpriorLatentCodec.ScaleCount * Magnitudes];
                foreach ((float[] latent, TensorShape shape) in latents)
                {
                    foreach (double share in Shares)
                    {
                        int level = 1 + (int)Math.Round(share * (codec.LevelCount - 1));
                        (short[] values, byte[] indices) = codec.Quantize(latent, shape, level, [], CancellationToken.None);
                        Count(values, indices, counts);
                    }
                }

                hyperprior.Tables = new HyperpriorTables(Corrections(counts));
            }

            return hyperprior.Tables;
        }
        finally
        {
            hyperprior.Tables = own;
        }
    }

    private static RgbImage[] Choose(IReadOnlyList<RgbImage> pictures)
    {
        int count = Math.Min(MaxPictures, pictures.Count);
        return [.. Enumerable.Range(0, count).Select(i => pictures[(int)((long)i * pictures.Count / count)])];
    }

    private static (float[] Latent, TensorShape Shape) Analyse(Autoencoder model, RgbImage picture)
    {
        EncoderTransform encoder = (EncoderTransform)model.Encoder;
        TensorShape shape = PictureTensor.Shape(picture.Width, picture.Height, encoder.Stride);
        TensorShape latentShape = TransformArguments.LatentShape(encoder, shape);
        float[] latent = new float[latentShape.Length];
        encoder.Encode(picture, shape, latent, null, CancellationToken.None);
        return (latent, latentShape);
    }

    private static void Count(short[] values, byte[] indices, long[] counts)
    {
        IReadOnlyList<FrequencyTable> tables = HyperpriorTables.Normal.Coder.Tables.Tables;
        for (int i = 0; i < values.Length; i++)
        {
            counts[indices[i] * Magnitudes + HyperpriorTables.MagnitudeOf(values[i], tables[indices[i]])]++;
        }
    }

    /// <summary>The logarithms of how much more often each magnitude was seen than the normal distribution has it.</summary>
    private static float[] Corrections(long[] counts)
    {
        float[] corrections = new float[counts.Length];
        IReadOnlyList<FrequencyTable> tables = HyperpriorTables.Normal.Coder.Tables.Tables;
        for (int index = 0; index < tables.Count; index++)
        {
            FrequencyTable table = tables[index];
            double[] normal = new double[Magnitudes];
            for (int i = 0; i < table.Frequencies.Length; i++)
            {
                normal[HyperpriorTables.MagnitudeOf(table.MinValue + i, table)] += table.Frequencies[i] / (double)FrequencyTable.Total;
            }

            double all = counts.Skip(index * Magnitudes).Take(Magnitudes).Sum() + Doubt;
            for (int magnitude = 0; magnitude < Magnitudes; magnitude++)
            {
                double seen = counts[index * Magnitudes + magnitude] + Doubt * normal[magnitude];
                corrections[index * Magnitudes + magnitude] = normal[magnitude] > 0 ? (float)Math.Log(seen / (all * normal[magnitude])) : 0;
            }
        }

        return corrections;
    }
}
