using System.Numerics;
using System.Runtime.InteropServices;

namespace ImageCodec;

/// <summary>One scale of SSIMULACRA2: takes both pictures row by row, keeps the few rows that a window reaches, and hands halved rows on.</summary>
internal sealed class Ssimulacra2Scale
{
    /// <summary>Floats that rows are rounded up to: whole vectors of any width. As many zeros stand before and behind a row that is blurred.</summary>
    private const int Block = 16;

    private const int Channels = 3;

    /// <summary>Linear or XYB values of the original, then of the restored picture.</summary>
    private const int Planes = 2 * Channels;

    /// <summary>Local means of a, b, a², b² and ab.</summary>
    private const int Moments = 5;

    private const int Ahead = RecursiveGaussian.Ahead;
    private const int Behind = RecursiveGaussian.Behind;
    private const int KeptValues = Ahead + 1;
    private const int KeptMoments = Ahead + Behind + 1;

    /// <summary>What the blur down the columns keeps for each moment: three sums of the last row and of the one before.</summary>
    private const int Sums = 2 * RecursiveGaussian.Cosines;

    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;
    private readonly Ssimulacra2Scale? _next;
    private readonly float[] _above;
    private readonly float[] _halved;
    private readonly float[] _values;
    private readonly float[] _moments;
    private readonly float[] _padded;
    private readonly Vector<float>[] _columns;
    private readonly Ssimulacra2Sums[] _errors = [new(), new(), new()];
    private int _count;

    /// <summary>Makes a scale.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows that will come.</param>
    /// <param name="next">The scale of half the size, rounded up; null for the last one.</param>
    public Ssimulacra2Scale(int width, int height, Ssimulacra2Scale? next)
    {
        (_width, _height, _next) = (width, height, next);
        _stride = (width + Block - 1) / Block * Block;
        _above = new float[next is null ? 0 : Planes * _stride];
        _halved = new float[next is null ? 0 : Planes * next._stride];
        _values = new float[KeptValues * Planes * _stride];

        // The last row stays zero: it stands for all those beyond the picture's edge.
        _moments = new float[(KeptMoments + 1) * Channels * Moments * _stride];
        _padded = new float[Block + _stride + Block];
        _columns = new Vector<float>[Channels * Moments * Sums * (_stride / Vector<float>.Count)];
    }

    /// <summary>Floats from one colour of a row to the next.</summary>
    public int Stride => _stride;

    /// <summary>Takes the next row.</summary>
    /// <param name="linear">Linear R, G and B of the original and R, G and B of the restored picture, <see cref="Stride"/> floats each.</param>
    public void Add(ReadOnlySpan<float> linear)
    {
        Span<float> values = ValuesOf(_count);
        int half = Channels * _stride;
        XybColor.Convert(linear[..half], values[..half]);
        XybColor.Convert(linear[half..], values[half..]);
        for (int plane = 0; plane < Planes; plane++)
        {
            values.Slice(plane * _stride + _width, _stride - _width).Clear();
        }

        for (int channel = 0; channel < Channels; channel++)
        {
            BlurAlong(values.Slice(channel * _stride, _stride), values.Slice(half + channel * _stride, _stride), channel);
        }

        if (_next is not null)
        {
            HandOn(linear);
        }

        // As the window reaches ahead, rows are done later than they come; the last ones once all are there.
        int newest = _count++;
        int last = _count < _height ? newest - Ahead : _height - 1;
        for (int y = newest - Ahead; y <= last; y++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                Compare(y, channel);
            }
        }
    }

    /// <summary>Writes the six norms of X, Y or B over all rows, see <see cref="Ssimulacra2Sums.WriteNorms"/>.</summary>
    public void WriteNorms(int channel, Span<double> norms) => _errors[channel].WriteNorms((double)_width * _height, norms);

    /// <summary>Halves two rows once both are there; at an odd edge the last pixels are taken twice.</summary>
    private void HandOn(ReadOnlySpan<float> linear)
    {
        if (_count % 2 == 1)
        {
            Halve(_above, linear);
        }
        else if (_count == _height - 1)
        {
            Halve(linear, linear);
        }
        else
        {
            linear.CopyTo(_above);
        }
    }

    private void Halve(ReadOnlySpan<float> above, ReadOnlySpan<float> below)
    {
        for (int plane = 0; plane < Planes; plane++)
        {
            ReadOnlySpan<float> upper = above.Slice(plane * _stride, _width);
            ReadOnlySpan<float> lower = below.Slice(plane * _stride, _width);
            Span<float> half = _halved.AsSpan(plane * _next!._stride, _next._width);
            for (int x = 0; x < half.Length; x++)
            {
                int left = 2 * x;
                int right = Math.Min(left + 1, _width - 1);
                half[x] = (upper[left] + upper[right] + lower[left] + lower[right]) * 0.25f;
            }
        }

        _next!.Add(_halved);
    }

    /// <summary>Blurs a, b and their products along the newest row.</summary>
    private void BlurAlong(ReadOnlySpan<float> original, ReadOnlySpan<float> restored, int channel)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(original);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(restored);
        Span<Vector<float>> row = MemoryMarshal.Cast<float, Vector<float>>(_padded.AsSpan(Block, _stride));
        ReadOnlySpan<float> padded = _padded.AsSpan(Block - Ahead - Behind);
        Span<float> blurred = MomentsOf(_count, channel);
        for (int moment = 0; moment < Moments; moment++)
        {
            switch (moment)
            {
                case 0:
                    a.CopyTo(row);
                    break;
                case 1:
                    b.CopyTo(row);
                    break;
                case 2:
                    Multiply(a, a, row);
                    break;
                case 3:
                    Multiply(b, b, row);
                    break;
                default:
                    Multiply(a, b, row);
                    break;
            }

            RecursiveGaussian.BlurRow(padded, blurred.Slice(moment * _stride, _width));
        }
    }

    private static void Multiply(ReadOnlySpan<Vector<float>> a, ReadOnlySpan<Vector<float>> b, Span<Vector<float>> products)
    {
        for (int i = 0; i < products.Length; i++)
        {
            products[i] = a[i] * b[i];
        }
    }

    /// <summary>Goes on by a row down the columns, and sums its errors up; a row before the first one only comes into the sums.</summary>
    private void Compare(int y, int channel)
    {
        int size = Vector<float>.Count;
        int vectors = _stride / size;
        ReadOnlySpan<Vector<float>> leaving = MemoryMarshal.Cast<float, Vector<float>>(MomentsOf(y - Behind, channel));
        ReadOnlySpan<Vector<float>> coming = MemoryMarshal.Cast<float, Vector<float>>(MomentsOf(y + Ahead, channel));
        ReadOnlySpan<Vector<float>> values = MemoryMarshal.Cast<float, Vector<float>>(y < 0 ? [] : ValuesOf(y));
        Span<Vector<float>> columns = _columns.AsSpan(channel * Moments * Sums * vectors, Moments * Sums * vectors);
        int older = (y & 1) * RecursiveGaussian.Cosines;
        int last = RecursiveGaussian.Cosines - older;
        Ssimulacra2Sums errors = _errors[channel];
        for (int i = 0; i < vectors; i++)
        {
            Span<Vector<float>> sums = columns.Slice(i * Moments * Sums, Moments * Sums);
            Vector<float> meanA = RecursiveGaussian.NextRow(leaving[i] + coming[i], sums[last..], sums[older..]);
            Vector<float> meanB = RecursiveGaussian.NextRow(leaving[vectors + i] + coming[vectors + i], sums[(Sums + last)..], sums[(Sums + older)..]);
            Vector<float> meanAa = RecursiveGaussian.NextRow(
                leaving[2 * vectors + i] + coming[2 * vectors + i], sums[(2 * Sums + last)..], sums[(2 * Sums + older)..]);
            Vector<float> meanBb = RecursiveGaussian.NextRow(
                leaving[3 * vectors + i] + coming[3 * vectors + i], sums[(3 * Sums + last)..], sums[(3 * Sums + older)..]);
            Vector<float> meanAb = RecursiveGaussian.NextRow(
                leaving[4 * vectors + i] + coming[4 * vectors + i], sums[(4 * Sums + last)..], sums[(4 * Sums + older)..]);
            if (y >= 0)
            {
                Vector<float> a = values[channel * vectors + i];
                Vector<float> b = values[(Channels + channel) * vectors + i];
                errors.Add(i, Ssimulacra2Errors.Of(a, b, meanA, meanB, meanAa, meanBb, meanAb));
            }
        }
    }

    /// <summary>The XYB values of a row that is kept.</summary>
    private Span<float> ValuesOf(int y) => _values.AsSpan(y % KeptValues * Planes * _stride, Planes * _stride);

    /// <summary>The moments of a row that is kept, of one channel, blurred along the row; zeros for a row beyond the edge.</summary>
    private Span<float> MomentsOf(int y, int channel)
    {
        int slot = y >= 0 && y < _height ? y % KeptMoments : KeptMoments;
        return _moments.AsSpan((slot * Channels + channel) * Moments * _stride, Moments * _stride);
    }
}
