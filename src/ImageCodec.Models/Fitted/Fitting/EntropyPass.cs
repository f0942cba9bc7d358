using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The entropy model of the decoder networks with real numbers, for fitting them to a picture: the bits of all values, and their gradients by values and
/// parameters. The same input gives the same result on however many threads, but not for every width of vectors. One run at a time.
/// </summary>
internal sealed class EntropyPass
{
    private readonly FittedLayout _layout;
    private readonly Backend _backend;
    private readonly EntropySums _sums;
    private readonly EntropyPanels _panels;
    private readonly EntropyGrid[] _grids;
    private readonly EntropyScratch[] _scratch;
    private readonly double[] _total;
    private readonly double[] _gridBits;

    /// <param name="layout">The networks.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">Whose vectors; null for the widest.</param>
    /// <param name="cancellationToken">Stops the taking of memory.</param>
    public EntropyPass(FittedLayout layout, int width, int height, int maxThreads, Backend? backend = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        _layout = layout;
        _backend = backend ?? Backend.Current;
        _sums = new EntropySums(layout);
        _panels = new EntropyPanels(layout);
        int gridCount = FittedLayout.GridCount(width, height);
        _grids = new EntropyGrid[gridCount];
        for (int grid = 0; grid < gridCount; grid++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _grids[grid] = new EntropyGrid(_sums, width, height, grid);
        }

        int threads = Math.Min(maxThreads == 0 ? Environment.ProcessorCount : maxThreads, _grids[0].BandCount);
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new EntropyScratch(_sums))];
        _total = new double[_sums.Count];
        _gridBits = new double[gridCount];
    }

    /// <summary>The bits of each grid in the last run.</summary>
    public IReadOnlyList<double> GridBits => _gridBits;

    /// <summary>The bits of all values, and their gradients.</summary>
    /// <param name="values">The grids, in units of the integers that they will be; margins zero.</param>
    /// <param name="parameters">All parameters of the layout.</param>
    /// <param name="gradients">Planes to which the gradients of the values are added; null for bits alone.</param>
    /// <param name="parameterGradients">To which the gradients of the parameters are added; not used without <paramref name="gradients"/>.</param>
    /// <param name="firstGrid">The finest grid whose bits count.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public double Run(
        IReadOnlyList<GridPlane> values, ReadOnlySpan<float> parameters, IReadOnlyList<GridPlane>? gradients, Span<float> parameterGradients,
        int firstGrid = 0, CancellationToken cancellationToken = default)
    {
        Check(values, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNegative(firstGrid);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, _layout.Count, nameof(parameters));
        if (gradients is not null)
        {
            Check(gradients, nameof(gradients));
            ArgumentOutOfRangeException.ThrowIfNotEqual(parameterGradients.Length, _layout.Count, nameof(parameterGradients));
        }

        _panels.Set(parameters);
        Array.Clear(_gridBits);
        double bits = 0;
        for (int index = _grids.Length - 1; index >= firstGrid; index--)
        {
            EntropyGrid grid = _grids[index];
            EntropyPlanes own = Planes(values, index);
            EntropyPlanes? back = gradients is null ? null : Planes(gradients, index);
            RunBands(grid, own, back, cancellationToken);
            bits += _gridBits[index] = AddUp(grid);
            if (back is { } planes)
            {
                grid.AddBorders(planes.Own, planes.Next);
                _sums.AddTo(_total, index, parameterGradients);
            }
        }

        // The kernels know all memory by address only.
        GC.KeepAlive(values);
        GC.KeepAlive(gradients);
        GC.KeepAlive(this);
        return bits;
    }

    private static EntropyPlanes Planes(IReadOnlyList<GridPlane> planes, int grid) =>
        new(planes[grid], planes.ElementAtOrDefault(grid + 1), planes.ElementAtOrDefault(grid + 2), planes.ElementAtOrDefault(grid + 3));

    private void Check(IReadOnlyList<GridPlane> planes, string name)
    {
        if (planes.Count != _grids.Length || _grids.Any(grid => planes[grid.Index].Width != grid.Width || planes[grid.Index].Height != grid.Height))
        {
            throw new ArgumentException("The planes are not those of the picture's grids.", name);
        }
    }

    /// <summary>Runs all bands, each thread taking the next one that is left.</summary>
    private void RunBands(EntropyGrid grid, EntropyPlanes values, EntropyPlanes? gradients, CancellationToken cancellationToken)
    {
        int next = 0;
        if (_scratch.Length == 1 || grid.BandCount == 1)
        {
            Work(0);
        }
        else
        {
            Parallel.For(0, _scratch.Length, new ParallelOptions { MaxDegreeOfParallelism = _scratch.Length }, Work);
        }

        cancellationToken.ThrowIfCancellationRequested();

        void Work(int worker)
        {
            for (int band; !cancellationToken.IsCancellationRequested && (band = Interlocked.Increment(ref next) - 1) < grid.BandCount;)
            {
                _backend.Run(new EntropyBand(grid, band, _panels, _sums, _scratch[worker], values, gradients));
            }
        }
    }

    /// <summary>Adds up what the bands have summed, in their order; returns the bits.</summary>
    private unsafe double AddUp(EntropyGrid grid)
    {
        Array.Clear(_total);
        for (int band = 0; band < grid.BandCount; band++)
        {
            float* sums = grid.BandSums(band);
            for (int i = 0; i < _total.Length; i++)
            {
                _total[i] += sums[i];
            }
        }

        return _total[_sums.Bits];
    }
}
