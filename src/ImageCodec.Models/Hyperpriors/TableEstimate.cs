using ImageCodec.Entropy;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>The tables that fit what a hyperprior model's values turn out to be on training pictures.</summary>
internal static class TableEstimate
{
    private const int MaxPictures = 40;

    /// <summary>What is coded depends on the tables, as the encoder looks at what a value costs.</summary>
    private const int Rounds = 2;

    /// <summary>Values of the normal distribution that are counted besides those seen, so that one not seen yet is dear but not impossible.</summary>
    private const double Doubt = 30;

    private const int Magnitudes = HyperpriorTables.Magnitudes;

    /// <summary>Levels at which values are counted, as shares of their range.</summary>
    private static readonly double[] Shares = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Estimates tables.</summary>
    /// <param name="network">The networks; they have their own tables back afterwards.</param>
    /// <param name="model">The model of these networks.</param>
    /// <param name="pictures">The pictures; of more than 40 some are taken, evenly spread.</param>
    public static HyperpriorTables Of(HyperpriorNetwork network, Autoencoder model, IReadOnlyList<RgbImage> pictures)
    {
        EntropyModel entropyModel = network.EntropyModel;
        HyperpriorLatentCodec codec = new(entropyModel, model.Workspace, model.MaxThreads);
        (float[] Latent, TensorShape Shape)[] latents = [.. Choose(pictures).Select(picture => Analyse(model, picture))];
        HyperpriorTables own = entropyModel.Tables;
        entropyModel.Tables = HyperpriorTables.Normal;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                long[] counts = new long[DependentTables.Count * Magnitudes];
                foreach ((float[] latent, TensorShape shape) in latents)
                {
                    foreach (double share in Shares)
                    {
                        int level = 1 + (int)Math.Round(share * (codec.LevelCount - 1));
                        Count(codec.Quantize(latent, shape, level, null, [], CancellationToken.None), counts);
                    }
                }

                entropyModel.Tables = new HyperpriorTables(Corrections(counts));
            }

            return entropyModel.Tables;
        }
        finally
        {
            entropyModel.Tables = own;
        }
    }

    private static RgbImage[] Choose(IReadOnlyList<RgbImage> pictures)
    {
        int count = Math.Min(MaxPictures, pictures.Count);
        return [.. Enumerable.Range(0, count).Select(i => pictures[(int)((long)i * pictures.Count / count)])];
    }

    private static (float[] Latent, TensorShape Shape) Analyse(Autoencoder model, RgbImage picture)
    {
        TensorShape shape = TensorShape.OfLatent(picture.Width, picture.Height, model.Encoder.Stride, model.Encoder.LatentChannels);
        float[] latent = new float[shape.Length];
        model.Encoder.Encode(picture, latent);
        return (latent, shape);
    }

    private static void Count(CodedLatent latent, long[] counts)
    {
        (short[] values, byte[] indices) = latent;
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
