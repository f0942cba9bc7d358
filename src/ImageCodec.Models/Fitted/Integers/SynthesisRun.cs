using System.Runtime.ExceptionServices;

namespace ImageCodec.Models.Fitted.Integers;

/// <summary>
/// Makes a picture while the rows of its finest grid are still coming in: other threads take bands as soon as these are complete, and at the end the
/// calling one takes its part.
/// </summary>
internal sealed class SynthesisRun : IDisposable
{
    /// <summary>Rows of a band: not so few that those around them, which are made twice, count for much.</summary>
    private const int BandRows = 32;

    private readonly IntegerBackend _backend;
    private readonly SynthesisWeights _weights;
    private readonly IntegerGrids _grids;
    private readonly int _firstGrid;
    private readonly CancellationToken _cancellationToken;
    private readonly Lazy<ShortPlane?[]> _planes;
    private readonly int _bandRows;
    private readonly int _bands;
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Task[] _helpers;
    private int _released;
    private int _taken;
    private volatile bool _stopped;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Begins. All grids but the finest must be complete.</summary>
    /// <param name="network">The networks.</param>
    /// <param name="grids">The latent.</param>
    /// <param name="firstGrid">The grid whose size the picture gets.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">The kernels to use.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public SynthesisRun(
        QuantizedNetwork network, IntegerGrids grids, int firstGrid, int maxThreads, IntegerBackend backend, CancellationToken cancellationToken)
    {
        (_backend, _grids, _firstGrid, _cancellationToken) = (backend, grids, firstGrid, cancellationToken);
        _weights = new SynthesisWeights(network.Layout, network.ParametersAt(firstGrid));
        Image = new RgbImage(grids.Width(firstGrid), grids.Height(firstGrid));
        int threads = maxThreads == 0 ? Environment.ProcessorCount : maxThreads;
        _bandRows = threads == 1 ? Image.Height : BandRows;
        _bands = (Image.Height + _bandRows - 1) / _bandRows;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads - 1), CancellationToken = cancellationToken };
        _planes = new Lazy<ShortPlane?[]>(() => CoarsePlanes.Make(backend, _weights, grids, firstGrid, options));
        _helpers = new Task[Math.Min(threads, _bands) - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = Task.Run(Help, CancellationToken.None);
        }
    }

    /// <summary>The picture; complete after <see cref="Finish"/>.</summary>
    public RgbImage Image { get; }

    /// <summary>Says that the finest grid's first rows are complete.</summary>
    public void Report(int rows)
    {
        while (_released < _bands && rows >= Math.Min((_released + 1) * _bandRows + BandSynthesis.Reach, Image.Height))
        {
            _released++;
            if (_helpers.Length > 0)
            {
                _ready.Release();
            }
        }
    }

    /// <summary>Makes what is left, all rows being complete.</summary>
    public void Finish()
    {
        Report(Image.Height);
        BandSynthesis? synthesis = null;
        for (int band = Take(); band < _bands; band = Take())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Run(synthesis ??= Create(), band);
        }

        Stop();
        Task.WaitAll(_helpers);
        _failure?.Throw();
    }

    /// <summary>Waits for the helpers, whatever has become of the work.</summary>
    public void Dispose()
    {
        Stop();
        Task.WaitAll(_helpers);
        _ready.Dispose();
    }

    private int Take() => Interlocked.Increment(ref _taken) - 1;

    private BandSynthesis Create() => new(_backend, _weights, _grids, _planes.Value, _firstGrid);

    private void Stop()
    {
        if (!_stopped && _helpers.Length > 0)
        {
            _stopped = true;
            _ready.Release(_helpers.Length);
        }
    }

    /// <summary>A helper's work. It never fails, so that waiting for it does not either.</summary>
    private void Help()
    {
        try
        {
            BandSynthesis? synthesis = null;
            while (!_stopped)
            {
                synthesis ??= Create();
                _ready.Wait(CancellationToken.None);
                int band = _stopped ? _bands : Take();
                if (band >= _bands)
                {
                    break;
                }

                Run(synthesis, band);
            }
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private unsafe void Run(BandSynthesis synthesis, int band)
    {
        fixed (byte* pixels = Image.Pixels)
        {
            int first = band * _bandRows;
            synthesis.Run(first, Math.Min(first + _bandRows, Image.Height), pixels, _cancellationToken);
        }
    }
}
