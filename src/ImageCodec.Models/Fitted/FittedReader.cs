using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Fitted;

/// <summary>Reads a body grid by grid: the networks when it is made, then the grids from the coarsest on.</summary>
internal unsafe ref struct FittedReader
{
    private readonly int _length;
    private readonly IntegerBackend _backend;
    private readonly EntropyWeights _weights;
    private LaplaceDecoder _decoder;

    /// <summary>Reads the networks.</summary>
    /// <param name="body">The body; perhaps only its beginning if not all grids are read.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Its height.</param>
    /// <param name="firstGrid">The finest grid that will be read.</param>
    /// <param name="backend">The kernels to use.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    public FittedReader(ReadOnlySpan<byte> body, int width, int height, int firstGrid, IntegerBackend backend)
    {
        _length = body.Length;
        _backend = backend;
        _decoder = new LaplaceDecoder(body);
        Network = QuantizedNetwork.Read(ref _decoder);
        _weights = new EntropyWeights(Network.Layout, Network.Parameters);
        Grids = new IntegerGrids(width, height, firstGrid);
    }

    public QuantizedNetwork Network { get; }

    /// <summary>How many bytes of the body have been asked for.</summary>
    public readonly int Position => _decoder.Position;

    /// <summary>The grids; zeros where nothing has been read.</summary>
    public IntegerGrids Grids { get; }

    /// <summary>Reads the next grid.</summary>
    /// <param name="grid">Which one it is.</param>
    /// <param name="rowsDone">Told after every wave how many rows are complete; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    public void Read(int grid, Action<int>? rowsDone, CancellationToken cancellationToken)
    {
        if (_decoder.DecodePlain(1) != 0)
        {
            return;
        }

        WavePredictor predictor = new(_backend, _weights, Grids, grid);
        WaveOrder order = predictor.Order;
        int width = Grids.Width(grid);
        fixed (short* values = Grids.Values(grid))
        {
            for (int wave = 0; wave < order.Count; wave++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                short* coded = predictor.Predict();
                int first = order.First(wave);
                _decoder.DecodeWave(
                    predictor.Means, predictor.Rows, first, order.End(wave), coded, EntropyWeights.InputBits,
                    values + (nint)first * width + wave - WaveOrder.Slope * first, width - WaveOrder.Slope);
                rowsDone?.Invoke(order.First(wave + 1));
            }
        }

        GC.KeepAlive(predictor);
    }

    /// <summary>Makes sure that all of the body has been used.</summary>
    /// <exception cref="InvalidFileException">It has not.</exception>
    public readonly void End()
    {
        if (_decoder.Position < _length)
        {
            throw FittedBody.Damaged("bytes follow the last value.");
        }
    }
}
