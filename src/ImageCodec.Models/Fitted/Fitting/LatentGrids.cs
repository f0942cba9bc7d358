using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// The latent grids while they are fitted: free values, their soft-rounded and disturbed twins that the networks see, and Adam's state.
/// </summary>
internal sealed class LatentGrids
{
    // Shorter memories than usual: fits are short, and what is right for a latent changes with its neighbours.
    private const float Beta1 = 0.8f;
    private const float Beta2 = 0.97f;
    private const float Epsilon = 1e-8f;

    /// <summary>Values that are worth a thread.</summary>
    private const int ValuesPerPiece = 20_000;

    private readonly float[][] _latents;
    private readonly float[][] _slopes;
    private readonly float[][] _means;
    private readonly float[][] _squares;
    private readonly List<(int Grid, int FirstRow, int EndRow)> _pieces = [];
    private readonly int _maxThreads;
    private int _step;

    /// <summary>Makes grids of zeros for a picture.</summary>
    public LatentGrids(int width, int height, int maxThreads, CancellationToken cancellationToken = default)
    {
        _maxThreads = maxThreads == 0 ? Environment.ProcessorCount : maxThreads;
        int count = FittedLayout.GridCount(width, height);
        Values = new GridPlane[count];
        Gradients = new GridPlane[count];
        _latents = new float[count][];
        _slopes = new float[count][];
        _means = new float[count][];
        _squares = new float[count][];
        for (int grid = 0; grid < count; grid++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int columns, int rows) = (FittedLayout.GridSide(width, grid), FittedLayout.GridSide(height, grid));
            Values[grid] = new GridPlane(columns, rows);
            Gradients[grid] = new GridPlane(columns, rows);
            _latents[grid] = new float[columns * rows];
            _slopes[grid] = new float[columns * rows];
            _means[grid] = new float[columns * rows];
            _squares[grid] = new float[columns * rows];
            int step = Math.Max(1, ValuesPerPiece / columns);
            for (int row = 0; row < rows; row += step)
            {
                _pieces.Add((grid, row, Math.Min(row + step, rows)));
            }
        }
    }

    /// <summary>What the networks see: one plane a grid.</summary>
    public GridPlane[] Values { get; }

    /// <summary>Where the networks leave the gradients of <see cref="Values"/>.</summary>
    public GridPlane[] Gradients { get; }

    /// <summary>The free values of a row of a grid.</summary>
    public Span<float> Latents(int grid, int y) => _latents[grid].AsSpan(y * Values[grid].Width, Values[grid].Width);

    /// <summary>
    /// Soft rounding, noise, soft rounding again (Agustsson and Theis 2020; Kim et al. 2023, C3): near to rounding, yet with a slope.
    /// </summary>
    /// <param name="temperature">The lower, the nearer to rounding.</param>
    /// <param name="noise">Standard deviation of the noise.</param>
    /// <param name="seed">Which noise.</param>
    /// <param name="cancellationToken">Stops the work, half done.</param>
    public void Soften(float temperature, float noise, uint seed, CancellationToken cancellationToken) => ForPieces((grid, first, end) =>
    {
        int width = Values[grid].Width;
        for (int row = first; row < end; row++)
        {
            uint place = unchecked((seed * 0x9E3779B9u) ^ ((uint)grid << 28) ^ (uint)(row * width));
            SoftRounding.Apply(Latents(grid, row), Values[grid].Values(row), _slopes[grid].AsSpan(row * width, width), temperature, noise, place);
        }
    }, cancellationToken);

    /// <summary>Shows the networks the latents rounded, without noise.</summary>
    public void Round(CancellationToken cancellationToken) => ForPieces((grid, first, end) =>
    {
        for (int row = first; row < end; row++)
        {
            SoftRounding.Round(Latents(grid, row), Values[grid].Values(row));
        }
    }, cancellationToken);

    /// <summary>Sets all gradients to zero.</summary>
    public void ClearGradients(CancellationToken cancellationToken)
    {
        foreach (GridPlane plane in Gradients)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plane.Clear();
        }
    }

    /// <summary>Takes a step of Adam down the gradients.</summary>
    /// <param name="rate">How far a value moves, about.</param>
    /// <param name="cancellationToken">Stops the work, half done.</param>
    public void Step(float rate, CancellationToken cancellationToken)
    {
        _step++;
        float correction = MathF.Sqrt(1 - MathF.Pow(Beta2, _step)) / (1 - MathF.Pow(Beta1, _step));
        ForPieces((grid, first, end) =>
        {
            int width = Values[grid].Width;
            for (int row = first; row < end; row++)
            {
                Step(
                    _latents[grid].AsSpan(row * width, width), Gradients[grid].Values(row), _slopes[grid].AsSpan(row * width, width),
                    _means[grid].AsSpan(row * width, width), _squares[grid].AsSpan(row * width, width), rate * correction);
            }
        }, cancellationToken);
    }

    private static void Step(Span<float> latents, ReadOnlySpan<float> gradients, ReadOnlySpan<float> slopes, Span<float> means, Span<float> squares, float rate)
    {
        int whole = latents.Length - latents.Length % Vector<float>.Count;
        Span<Vector<float>> y = Vectors(latents[..whole]);
        ReadOnlySpan<Vector<float>> gradient = MemoryMarshal.Cast<float, Vector<float>>(gradients[..whole]);
        ReadOnlySpan<Vector<float>> slope = MemoryMarshal.Cast<float, Vector<float>>(slopes[..whole]);
        Span<Vector<float>> mean = Vectors(means[..whole]);
        Span<Vector<float>> square = Vectors(squares[..whole]);
        for (int i = 0; i < y.Length; i++)
        {
            Vector<float> g = gradient[i] * slope[i];
            mean[i] += (g - mean[i]) * (1 - Beta1);
            square[i] += (g * g - square[i]) * (1 - Beta2);
            Vector<float> next = y[i] - mean[i] * rate / (Vector.SquareRoot(square[i]) + new Vector<float>(Epsilon));
            y[i] = Vector.Min(Vector.Max(next, new Vector<float>(-FittedLayout.MaxLatent)), new Vector<float>(FittedLayout.MaxLatent));
        }

        for (int i = whole; i < latents.Length; i++)
        {
            float g = gradients[i] * slopes[i];
            means[i] += (g - means[i]) * (1 - Beta1);
            squares[i] += (g * g - squares[i]) * (1 - Beta2);
            latents[i] = Math.Clamp(latents[i] - means[i] * rate / (MathF.Sqrt(squares[i]) + Epsilon), -FittedLayout.MaxLatent, FittedLayout.MaxLatent);
        }
    }

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private void ForPieces(Action<int, int, int> work, CancellationToken cancellationToken)
    {
        if (_pieces.Sum(piece => (piece.EndRow - piece.FirstRow) * Values[piece.Grid].Width) < 2 * ValuesPerPiece)
        {
            _pieces.ForEach(piece => work(piece.Grid, piece.FirstRow, piece.EndRow));
            return;
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = _maxThreads, CancellationToken = cancellationToken };
        Parallel.ForEach(_pieces, options, piece => work(piece.Grid, piece.FirstRow, piece.EndRow));
    }
}
