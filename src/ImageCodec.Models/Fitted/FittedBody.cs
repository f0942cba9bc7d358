using System.Buffers;
using ImageCodec.Entropy.Context;
using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Fitted;

/// <summary>Bodies of fitted files: one stream of the range coder that holds the networks and then the grids, the coarsest first.</summary>
internal static unsafe class FittedBody
{
    /// <summary>What exceptions call the format.</summary>
    private const string FormatName = "ICD";

    /// <summary>The exception for a body that is none.</summary>
    public static InvalidFileException Damaged(string problem) => new(FormatName, problem);

    /// <summary>Writes a body.</summary>
    /// <param name="network">The networks.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="destination">Receives the body.</param>
    /// <param name="backend">The kernels to use; null for the best.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Write(
        QuantizedNetwork network,
        IntegerGrids grids,
        IBufferWriter<byte> destination,
        IntegerBackend? backend = null,
        CancellationToken cancellationToken = default)
    {
        BinaryRangeEncoder encoder = new(destination);
        network.Write(ref encoder);
        EntropyWeights weights = new(network.Layout, network.Parameters);
        for (int grid = grids.Count - 1; grid >= 0; grid--)
        {
            bool isZero = grids.IsZero(grid);
            LaplaceCoder.EncodePlain(ref encoder, isZero ? 1 : 0, 1);
            if (isZero)
            {
                continue;
            }

            WavePredictor predictor = new(backend ?? IntegerBackend.Current, weights, grids, grid);
            ReadOnlySpan<short> values = grids.Values(grid);
            int width = grids.Width(grid);
            for (int wave = 0; wave < predictor.Order.Count; wave++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                predictor.Predict();
                predictor.Accept();
                for (int y = predictor.Order.First(wave); y < predictor.Order.End(wave); y++)
                {
                    LaplaceCoder.Encode(ref encoder, values[y * width + wave - WaveOrder.Slope * y], predictor.Means[y], predictor.Rows[y]);
                }
            }

            GC.KeepAlive(predictor);
        }

        encoder.Finish();
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body; with a first grid above 0, perhaps only its beginning.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="firstGrid">The finest grid to read.</param>
    /// <param name="backend">The kernels to use; null for the best.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    public static (QuantizedNetwork Network, IntegerGrids Grids) Read(
        ReadOnlySpan<byte> body, int width, int height, int firstGrid = 0, IntegerBackend? backend = null, CancellationToken cancellationToken = default)
    {
        FittedReader reader = new(body, width, height, firstGrid, backend ?? IntegerBackend.Current);
        for (int grid = reader.Grids.Count - 1; grid >= firstGrid; grid--)
        {
            reader.Read(grid, null, cancellationToken);
        }

        if (firstGrid == 0)
        {
            reader.End();
        }

        return (reader.Network, reader.Grids);
    }
}
