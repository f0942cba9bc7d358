using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Fitted;

/// <summary>What the grids of a fitted file cost, by the probabilities that they are coded with.</summary>
internal static unsafe class FittedRate
{
    /// <summary>Waves that are worth beginning anew for, which takes some waves of its own.</summary>
    private const int WavesPerPiece = 128;

    /// <summary>The bits of each grid.</summary>
    /// <param name="network">The networks.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">The kernels to use; null for the best.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static double[] OfGrids(
        QuantizedNetwork network, IntegerGrids grids, int maxThreads = 0, IntegerBackend? backend = null, CancellationToken cancellationToken = default)
    {
        EntropyWeights weights = new(network.Layout, network.Parameters);
        List<(int Grid, int First)> pieces = [];
        double[] bits = new double[grids.Count];
        for (int grid = 0; grid < bits.Length; grid++)
        {
            bits[grid] = 1;
            int waves = grids.IsZero(grid) ? 0 : new WaveOrder(grids.Width(grid), grids.Height(grid)).Count;
            for (int first = 0; first < waves; first += WavesPerPiece)
            {
                pieces.Add((grid, first));
            }
        }

        double[] results = new double[pieces.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = maxThreads == 0 ? -1 : maxThreads, CancellationToken = cancellationToken };
        Parallel.For(0, results.Length, options, i =>
        {
            WavePredictor predictor = new(backend ?? IntegerBackend.Current, weights, grids, pieces[i].Grid);
            results[i] = OfWaves(predictor, grids.Values(pieces[i].Grid), grids.Width(pieces[i].Grid), pieces[i].First);
        });

        // In this order always, so that the sum is the same with any number of threads.
        for (int i = 0; i < results.Length; i++)
        {
            bits[pieces[i].Grid] += results[i];
        }

        return bits;
    }

    private static double OfWaves(WavePredictor predictor, ReadOnlySpan<short> values, int width, int firstWave)
    {
        predictor.StartAt(firstWave);
        double bits = 0;
        int endWave = Math.Min(firstWave + WavesPerPiece, predictor.Order.Count);
        for (int wave = firstWave; wave < endWave; wave++)
        {
            predictor.Predict();
            predictor.Accept();
            int end = predictor.Order.End(wave);
            for (int y = predictor.Order.First(wave); y < end; y++)
            {
                bits += LaplaceCost.Of(values[y * width + wave - WaveOrder.Slope * y], predictor.Means[y], predictor.Rows[y]);
            }
        }

        GC.KeepAlive(predictor);
        return bits;
    }
}
