using System.Numerics;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.Training;

/// <summary>
/// The optimiser Muon (Jordan et al., 2024) for a block of the columns of a matrix of weights: the momentum of the gradient with all its singular values
/// brought near one, so that rare directions are learnt as fast as frequent ones. A step is a share of the block's own root mean square
/// singular value, so that layers of any scale may have the same rate (after You et al., 2020).
/// </summary>
/// <remarks>
/// The iteration of Newton and Schulz runs on the columns' inner products, a small matrix, in place of the weights
/// themselves: all its factors are polynomials of that matrix, and are applied to the weights at once.
/// </remarks>
internal sealed unsafe class Muon
{
    public const float Momentum = 0.95f;
    public const int Iterations = 5;

    /// <summary>The coefficients of x, x³ and x⁵ of Jordan et al., which bring singular values of 0.003 … 1 to 0.7 … 1.2 in five rounds.</summary>
    public const float A = 3.4445f;
    public const float B = -4.7750f;
    public const float C = 2.0315f;

    /// <summary>Weights that are smaller, such as those of a block that begins as nothing, change as if they were so large.</summary>
    public const float SmallestScale = 0.5f;

    /// <summary>
    /// Added to the norm that directions are divided by: where there is no gradient any more, as behind units of a ReLU that never answer, weights must
    /// come to rest, not wander on in the direction of what little was left.
    /// </summary>
    public const float Epsilon = 1e-6f;

    private const int Unit = 16;
    private const int MaxColumns = 160;

    private readonly Parameter _parameter;
    private readonly int _pitch;
    private readonly int _rows;
    private readonly int _first;
    private readonly int _columns;
    private readonly float[] _direction;
    private readonly float[][] _squares;

    private Muon(Parameter parameter, int first, int columns)
    {
        _parameter = parameter;
        _pitch = Columns(parameter);
        _rows = parameter.Length / _pitch;
        _first = first;
        _columns = columns;
        _direction = new float[_rows * columns];
        _squares = [.. Enumerable.Range(0, 5).Select(_ => new float[columns * columns])];
    }

    /// <summary>Whether a parameter is a matrix whose columns can be cut into blocks no wider than it is high.</summary>
    public static bool Takes(Parameter parameter) => parameter.Layout.FileShape.Length == 4 && BlockWidth(parameter) > 0;

    /// <summary>The blocks of a parameter, each to be stepped on its own.</summary>
    public static IEnumerable<Muon> Blocks(Parameter parameter)
    {
        int width = BlockWidth(parameter);
        return Enumerable.Range(0, Columns(parameter) / width).Select(block => new Muon(parameter, block * width, width));
    }

    /// <summary>Changes the block against its gradient, whose values are then gone.</summary>
    /// <param name="rate">The step, in root mean square singular values of the block.</param>
    /// <param name="gradientScale">What gradients are multiplied by first, as for clipping.</param>
    public void Step(float rate, float gradientScale)
    {
        (double squares, double weightSquares) = UpdateMomentum(gradientScale);
        float norm = (float)Math.Sqrt(squares) + Epsilon;
        fixed (float* direction = _direction, gram = _squares[0])
        fixed (float* values = _parameter.Values, gradient = _parameter.Gradient)
        {
            MatrixView block = new(direction, _rows, _columns, _columns);
            MatrixProduct.Run(Backend.Current, block.Transposed, block, Square(gram), _rows);
            foreach (ref float value in _squares[0].AsSpan())
            {
                value /= norm * norm;
            }

            fixed (float* factor = Factor())
            {
                MatrixProduct.Run(Backend.Current, block, Square(factor), new MatrixView(gradient + _first, _rows, _columns, _pitch), _columns);
            }

            float scale = rate * MathF.Max((float)Math.Sqrt(weightSquares / _columns), SmallestScale) / norm;
            for (int row = 0; row < _rows; row++)
            {
                float* value = values + (nint)row * _pitch + _first;
                float* change = gradient + (nint)row * _pitch + _first;
                for (int column = 0; column < _columns; column += Vector<float>.Count)
                {
                    (Vector.Load(value + column) - scale * Vector.Load(change + column)).Store(value + column);
                }
            }
        }
    }

    /// <summary>Takes the gradient into the momentum, and sets the direction to what is ahead of it (Nesterov).</summary>
    /// <returns>The squared norms of the direction and of the weights.</returns>
    private (double Direction, double Weights) UpdateMomentum(float gradientScale)
    {
        double squares = 0;
        double weightSquares = 0;
        for (int row = 0; row < _rows; row++)
        {
            int start = row * _pitch + _first;
            ReadOnlySpan<float> values = _parameter.Values.Slice(start, _columns);
            ReadOnlySpan<float> gradient = _parameter.Gradient.Slice(start, _columns);
            Span<float> moment = _parameter.FirstMoment.Slice(start, _columns);
            Span<float> direction = _direction.AsSpan(row * _columns, _columns);
            Vector<float> sum = default;
            Vector<float> weightSum = default;
            for (int column = 0; column < direction.Length; column += Vector<float>.Count)
            {
                Vector<float> g = new Vector<float>(gradient[column..]) * gradientScale;
                Vector<float> m = new(moment[column..]);
                m += (1 - Momentum) * (g - m);
                m.CopyTo(moment[column..]);
                Vector<float> ahead = g + Momentum * (m - g);
                ahead.CopyTo(direction[column..]);
                Vector<float> value = new(values[column..]);
                sum += ahead * ahead;
                weightSum += value * value;
            }

            squares += Vector.Sum(sum);
            weightSquares += Vector.Sum(weightSum);
        }

        return (squares, weightSquares);
    }

    /// <summary>What the direction is to be multiplied by, from its columns' inner products in the first of the squares.</summary>
    private float[] Factor()
    {
        (float[] gram, float[] second, float[] step, float[] factor, float[] scratch) = (_squares[0], _squares[1], _squares[2], _squares[3], _squares[4]);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Multiply(gram, gram, second);
            for (int i = 0; i < step.Length; i++)
            {
                step[i] = B * gram[i] + C * second[i];
            }

            for (int i = 0; i < step.Length; i += _columns + 1)
            {
                step[i] += A;
            }

            if (iteration == 0)
            {
                step.CopyTo(factor, 0);
            }
            else
            {
                Multiply(factor, step, scratch);
                (factor, scratch) = (scratch, factor);
            }

            if (iteration < Iterations - 1)
            {
                Multiply(gram, step, second);
                Multiply(second, step, gram);
            }
        }

        return factor;
    }

    private void Multiply(float[] a, float[] b, float[] product)
    {
        fixed (float* left = a, right = b, result = product)
        {
            MatrixProduct.Run(Backend.Current, Square(left), Square(right), Square(result), _columns);
        }
    }

    private MatrixView Square(float* data) => new(data, _columns, _columns, _columns);

    /// <summary>Columns in kernel order: the last axis of a convolution.</summary>
    private static int Columns(Parameter parameter) => parameter.Layout.FileShape[parameter.Layout.Axes[^1]];

    /// <summary>The widest block into which columns can be cut evenly; 0 where there is none.</summary>
    public static int BlockWidth(Parameter parameter)
    {
        int columns = Columns(parameter);
        int widest = Math.Min(MaxColumns, parameter.Length / columns) / Unit * Unit;
        for (int width = widest; width > 0; width -= Unit)
        {
            if (columns % width == 0)
            {
                return width;
            }
        }

        return 0;
    }
}
