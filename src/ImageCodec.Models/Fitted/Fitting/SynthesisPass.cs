using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The float twin of a fitted file's upsampling and synthesis for one picture: the error of what comes out, and its gradients by the values of the grids
/// and by the parameters. It is the inner loop of fitting. Results depend on the width of vectors, but not on the number of threads. Used by one thread at
/// a time.
/// </summary>
internal sealed class SynthesisPass
{
    /// <summary>A unit's levels over those of the error's.</summary>
    private const double Unit = (double)SynthesisPicture.Levels / 255;

    private readonly Backend _backend;
    private readonly FittedLayout _layout;
    private readonly SynthesisPicture _picture;
    private readonly SynthesisBand[] _bands;
    private readonly SynthesisRun _run;
    private readonly int _width;
    private readonly int _grids;

    /// <summary>Takes a picture.</summary>
    /// <param name="layout">The size of the networks.</param>
    /// <param name="image">What is to come out.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">Whose vectors; null for the widest.</param>
    /// <param name="cancellationToken">Stops the taking.</param>
    public SynthesisPass(FittedLayout layout, RgbImage image, int maxThreads, Backend? backend = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        _backend = backend ?? Backend.Current;
        _layout = layout;
        _width = image.Width;
        _grids = FittedLayout.GridCount(image.Width, image.Height);
        _picture = new SynthesisPicture(layout, image, cancellationToken);
        int threads = Math.Min(maxThreads == 0 ? Environment.ProcessorCount : maxThreads, _picture.Bands);
        _bands = new SynthesisBand[threads];
        for (int i = 0; i < threads; i++)
        {
            _bands[i] = new SynthesisBand(_picture);
        }

        _run = new SynthesisRun(_picture.Bands, layout.Count - layout.FilterStart) { Weights = new SynthesisWeights(layout) };
    }

    /// <summary>Computes the error, and its gradients.</summary>
    /// <param name="values">The planes of the grids 0, 1, …, with zeros in their margins.</param>
    /// <param name="parameters">All parameters, as <see cref="FittedLayout"/> has them.</param>
    /// <param name="gradients">For each grid a plane that the gradient by its values is added to; null if no gradients are wanted.</param>
    /// <param name="parameterGradients">The gradients by the parameters are added to it; unused if there are no <paramref name="gradients"/>.</param>
    /// <param name="weight">What gradients are multiplied by.</param>
    /// <param name="cancellationToken">Stops the run; gradients may have been added in part.</param>
    /// <returns>The mean squared error of all colours of all pixels, which go from 0 to 1.</returns>
    public double Run(
        IReadOnlyList<GridPlane> values, ReadOnlySpan<float> parameters, IReadOnlyList<GridPlane>? gradients, Span<float> parameterGradients, double weight,
        CancellationToken cancellationToken)
    {
        Check(values, nameof(values));
        double count = (double)FittedLayout.Colors * _width * _picture.Height;
        double scale = 2 * weight * Unit * Unit / count;
        if (gradients is not null)
        {
            Check(gradients, nameof(gradients));
            ArgumentOutOfRangeException.ThrowIfNotEqual(parameterGradients.Length, _layout.Count);
        }

        _run.GridGradient = gradients?[0];
        _run.Scale = (float)scale;
        Sweep(values, parameters, cancellationToken);
        if (gradients is not null)
        {
            For(_grids - 1, (i, _) => _backend.Run(new DownKernel(this, i + 1, gradients[i + 1])), cancellationToken);
            AddGradients(parameterGradients, scale);
        }

        double squares = 0;
        foreach (double band in _run.Squares)
        {
            squares += band;
        }

        return squares * Unit * Unit / count;
    }

    /// <summary>The picture that comes out.</summary>
    /// <param name="values">The planes of the grids 0, 1, …</param>
    /// <param name="parameters">All parameters.</param>
    public RgbImage Render(IReadOnlyList<GridPlane> values, ReadOnlySpan<float> parameters)
    {
        Check(values, nameof(values));
        RenderedPicture rendered = new(_width, _picture.Height);
        _run.GridGradient = null;
        _run.Rendered = rendered;
        try
        {
            Sweep(values, parameters, CancellationToken.None);
        }
        finally
        {
            _run.Rendered = null;
        }

        return rendered.Image;
    }

    private void Check(IReadOnlyList<GridPlane> planes, string name)
    {
        bool fits = planes.Count >= _grids;
        for (int i = 0; fits && i < _grids; i++)
        {
            fits = planes[i].Width == FittedLayout.GridSide(_width, i) && planes[i].Height == FittedLayout.GridSide(_picture.Height, i);
        }

        if (!fits)
        {
            throw new ArgumentException($"There must be {_grids} planes as large as the grids of a picture of {_width}×{_picture.Height}.", name);
        }
    }

    /// <summary>Upsampling, and then all bands.</summary>
    private void Sweep(IReadOnlyList<GridPlane> values, ReadOnlySpan<float> parameters, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, _layout.Count);
        _run.Weights.Set(parameters);
        _run.Grid = values[0];
        _run.CancellationToken = cancellationToken;
        For(_grids - 1, (i, _) => _backend.Run(new UpKernel(this, i + 1, values[i + 1])), cancellationToken);
        For(_picture.Bands, (band, worker) => _backend.Run(new BandKernel(_bands[worker], _run, band)), cancellationToken);
    }

    /// <summary>Runs pieces of work on the threads; the second number is that of the thread.</summary>
    private void For(int count, Action<int, int> body, CancellationToken cancellationToken)
    {
        int threads = Math.Min(_bands.Length, count);
        int next = -1;
        if (threads > 1)
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Work);
        }
        else
        {
            Work(0);
        }

        cancellationToken.ThrowIfCancellationRequested();

        void Work(int worker)
        {
            while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref next) is int piece && piece < count)
            {
                body(piece, worker);
            }
        }
    }

    private void AddGradients(Span<float> parameterGradients, double scale)
    {
        double[] sums = new double[_layout.Count - _layout.FilterStart];
        for (int band = 0; band < _picture.Bands; band++)
        {
            Span<double> gradients = _run.Gradients(band);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += gradients[i];
            }
        }

        for (int filter = 2; filter < _grids; filter++)
        {
            for (int tap = 0; tap < FittedLayout.FilterTaps; tap++)
            {
                sums[_layout.Filter(filter) - _layout.FilterStart + tap] = _picture.Chain.TapGradient(filter, tap);
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            parameterGradients[_layout.FilterStart + i] += (float)(scale * sums[i]);
        }
    }

    private readonly struct UpKernel(SynthesisPass pass, int grid, GridPlane values) : IKernel
    {
        public void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector> => pass._picture.Chain.Up<TVector, TSimd>(grid, values, pass._run.Weights);
    }

    private readonly struct BandKernel(SynthesisBand band, SynthesisRun run, int number) : IKernel
    {
        public void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector> => band.Run<TVector, TSimd>(run, number);
    }

    private readonly struct DownKernel(SynthesisPass pass, int grid, GridPlane gradient) : IKernel
    {
        public void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector> => pass._picture.Chain.Down<TVector, TSimd>(grid, gradient, pass._run.Weights, pass._run.Scale);
    }
}
