namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>
/// Adam in the eigenbasis of Shampoo's preconditioner (SOAP; Vyas et al. 2024, «SOAP: Improving and Stabilizing Shampoo using Adam»), for one small matrix.
/// With the basis, what moves together is scaled together, which Adam on single weights can't do.
/// </summary>
internal sealed class RotatedAdam
{
    private const float Beta1 = 0.95f;
    private const float Beta2 = 0.95f;
    private const float Epsilon = 1e-30f;

    // Of the largest: where the gradients have nothing but rounding errors, as in directions that they do not span, no step is taken.
    private const float RelativeEpsilon = 1e-4f;
    private const int BasisPeriod = 10;

    private readonly int _rows;
    private readonly int _columns;
    private readonly float[] _mean;
    private readonly float[] _square;
    private readonly Basis _left;
    private readonly Basis _right;
    private readonly float[] _rotated;
    private readonly float[] _rotatedMean;
    private readonly float[] _scratch;
    private int _step;

    /// <summary>For a matrix of a size; vectors are matrices of one column.</summary>
    public RotatedAdam(int rows, int columns)
    {
        (_rows, _columns) = (rows, columns);
        int count = rows * columns;
        _mean = new float[count];
        _square = new float[count];
        _rotated = new float[count];
        _rotatedMean = new float[count];
        _scratch = new float[count];
        _left = new Basis(rows);
        _right = new Basis(columns);
    }

    /// <summary>Takes a step down a gradient.</summary>
    /// <param name="weights">The matrix, row by row; changed.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="rate">How far a step goes in each direction, about.</param>
    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, float rate)
    {
        _step++;
        bool isVector = _rows == 1 || _columns == 1;
        if (!isVector)
        {
            _left.Add(gradient, _rows, _columns, byRows: true, Beta2);
            _right.Add(gradient, _rows, _columns, byRows: false, Beta2);
            if (_step == 1 || _step % BasisPeriod == 0)
            {
                _left.Renew(isFirst: _step == 1);
                _right.Renew(isFirst: _step == 1);
            }
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            _mean[i] += (1 - Beta1) * (gradient[i] - _mean[i]);
        }

        Rotate(gradient, _rotated, isVector, back: false);
        Rotate(_mean, _rotatedMean, isVector, back: false);
        float correction1 = 1 - MathF.Pow(Beta1, _step);
        float correction2 = 1 - MathF.Pow(Beta2, _step);
        float largest = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            _square[i] += (1 - Beta2) * (_rotated[i] * _rotated[i] - _square[i]);
            largest = Math.Max(largest, _square[i]);
        }

        float epsilon = RelativeEpsilon * MathF.Sqrt(largest / correction2) + Epsilon;
        for (int i = 0; i < gradient.Length; i++)
        {
            _rotated[i] = _rotatedMean[i] / correction1 / (MathF.Sqrt(_square[i] / correction2) + epsilon);
        }

        Rotate(_rotated, _rotatedMean, isVector, back: true);
        for (int i = 0; i < gradient.Length; i++)
        {
            weights[i] -= rate * _rotatedMean[i];
        }
    }

    /// <summary>Into the basis, Lᵀ·G·R, or back out of it, L·G·Rᵀ.</summary>
    private void Rotate(ReadOnlySpan<float> source, Span<float> result, bool isVector, bool back)
    {
        if (isVector)
        {
            source.CopyTo(result);
            return;
        }

        Multiply(_left.Vectors, transposed: !back, source, _scratch);
        for (int row = 0; row < _rows; row++)
        {
            ReadOnlySpan<float> from = _scratch.AsSpan(row * _columns, _columns);
            Span<float> to = result.Slice(row * _columns, _columns);
            to.Clear();
            for (int inner = 0; inner < _columns; inner++)
            {
                float factor = from[inner];
                for (int column = 0; column < _columns; column++)
                {
                    to[column] += factor * (back ? _right.Vectors[column * _columns + inner] : _right.Vectors[inner * _columns + column]);
                }
            }
        }
    }

    private void Multiply(float[] matrix, bool transposed, ReadOnlySpan<float> source, Span<float> result)
    {
        for (int row = 0; row < _rows; row++)
        {
            Span<float> to = result.Slice(row * _columns, _columns);
            to.Clear();
            for (int inner = 0; inner < _rows; inner++)
            {
                float factor = transposed ? matrix[inner * _rows + row] : matrix[row * _rows + inner];
                ReadOnlySpan<float> from = source.Slice(inner * _columns, _columns);
                for (int column = 0; column < _columns; column++)
                {
                    to[column] += factor * from[column];
                }
            }
        }
    }

    /// <summary>A running mean of G·Gᵀ (or Gᵀ·G), and its eigenvectors, one a column.</summary>
    private sealed class Basis
    {
        private const int FirstRounds = 30;

        private readonly int _size;
        private readonly float[] _covariance;
        private readonly double[] _product;

        public Basis(int size)
        {
            _size = size;
            _covariance = new float[size * size];
            _product = new double[size * size];
            Vectors = new float[size * size];
            for (int i = 0; i < size; i++)
            {
                Vectors[i * size + i] = 1;
            }
        }

        public float[] Vectors { get; }

        public void Add(ReadOnlySpan<float> gradient, int rows, int columns, bool byRows, float beta)
        {
            int inner = byRows ? columns : rows;
            int step = byRows ? 1 : columns;
            int pitch = byRows ? columns : 1;
            for (int a = 0; a < _size; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    float sum = 0;
                    for (int i = 0; i < inner; i++)
                    {
                        sum += gradient[a * pitch + i * step] * gradient[b * pitch + i * step];
                    }

                    float next = _covariance[a * _size + b] + (1 - beta) * (sum - _covariance[a * _size + b]);
                    _covariance[a * _size + b] = next;
                    _covariance[b * _size + a] = next;
                }
            }
        }

        /// <summary>A round of orthogonal iteration: the basis follows the covariance without its vectors changing places at once.</summary>
        public void Renew(bool isFirst)
        {
            for (int round = isFirst ? FirstRounds : 1; round > 0; round--)
            {
                for (int row = 0; row < _size; row++)
                {
                    for (int column = 0; column < _size; column++)
                    {
                        double sum = 0;
                        for (int i = 0; i < _size; i++)
                        {
                            sum += (double)_covariance[row * _size + i] * Vectors[i * _size + column];
                        }

                        _product[row * _size + column] = sum;
                    }
                }

                Orthonormalize();
            }
        }

        /// <summary>Gram–Schmidt; a column that vanishes keeps the old vector, made orthogonal to those before it.</summary>
        private void Orthonormalize()
        {
            for (int column = 0; column < _size; column++)
            {
                double before = Norm(column);
                Orthogonalize(column);
                double norm = Norm(column);
                if (norm > 1e-6 * before && norm > 1e-30)
                {
                    SetVector(column, norm);
                }
                else
                {
                    Complete(column);
                }
            }
        }

        /// <summary>Fills a column with a unit vector that is orthogonal to those before it: the old one if that is possible, else an axis.</summary>
        private void Complete(int column)
        {
            for (int axis = -1; axis < _size; axis++)
            {
                for (int i = 0; i < _size; i++)
                {
                    _product[i * _size + column] = axis < 0 ? Vectors[i * _size + column] : i == axis ? 1 : 0;
                }

                Orthogonalize(column);
                double norm = Norm(column);
                if (norm > 0.1 / Math.Sqrt(_size))
                {
                    SetVector(column, norm);
                    return;
                }
            }
        }

        /// <summary>Takes from a column what it has of the vectors before it; twice, as the first time leaves rounding errors.</summary>
        private void Orthogonalize(int column)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < column; other++)
                {
                    double dot = 0;
                    for (int i = 0; i < _size; i++)
                    {
                        dot += _product[i * _size + column] * Vectors[i * _size + other];
                    }

                    for (int i = 0; i < _size; i++)
                    {
                        _product[i * _size + column] -= dot * Vectors[i * _size + other];
                    }
                }
            }
        }

        private void SetVector(int column, double norm)
        {
            for (int i = 0; i < _size; i++)
            {
                Vectors[i * _size + column] = (float)(_product[i * _size + column] / norm);
            }
        }

        private double Norm(int column)
        {
            double sum = 0;
            for (int i = 0; i < _size; i++)
            {
                sum += _product[i * _size + column] * _product[i * _size + column];
            }

            return Math.Sqrt(sum);
        }
    }
}
