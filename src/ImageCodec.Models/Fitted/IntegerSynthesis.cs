using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Fitted;

/// <summary>Grids to pixels, in integers: the same bits everywhere.</summary>
internal static class IntegerSynthesis
{
    /// <summary>Makes a picture.</summary>
    /// <param name="network">The networks.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="firstGrid">The grid whose size the picture gets; finer ones do not count.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">The kernels to use; null for the best.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static RgbImage Run(
        QuantizedNetwork network,
        IntegerGrids grids,
        int firstGrid = 0,
        int maxThreads = 0,
        IntegerBackend? backend = null,
        CancellationToken cancellationToken = default)
    {
        using SynthesisRun run = new(network, grids, firstGrid, maxThreads, backend ?? IntegerBackend.Current, cancellationToken);
        run.Finish();
        return run.Image;
    }
}
