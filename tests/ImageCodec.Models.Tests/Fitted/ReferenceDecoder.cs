namespace ImageCodec.Models.Tests.Fitted;

/// <summary>A decoder of fitted bodies in plain loops, as docs/format.md says it; shares no code with the library.</summary>
internal sealed class ReferenceDecoder
{
    private static readonly int[][] s_contexts =
    [
        [-1, 0], [0, -1], [-1, -1], [1, -1], [-2, 0], [0, -2], [2, -1], [-2, -1], [-1, -2], [1, -2], [-3, 0], [0, -3], [-2, -2], [2, -2],
    ];

    private readonly ReferenceRangeDecoder _coder;
    private readonly int _c;
    private readonly int _f;
    private readonly int _n;
    private readonly int _h;
    private readonly int[][] _w1;
    private readonly int[][] _w2;
    private readonly int[][] _wo;
    private readonly int[][] _ws;
    private readonly int[] _b1;
    private readonly int[] _b2;
    private readonly int[] _bo;
    private readonly int[][][] _wf = new int[3][][];
    private readonly int[][] _bf = new int[3][];

    /// <summary>Reads a body; <paramref name="prior"/> gives the means and scale exponents of a size.</summary>
    public ReferenceDecoder(byte[] body, int width, int height, int scale, Func<int, int, (short[] Means, sbyte[] Exponents)> prior)
    {
        _coder = new ReferenceRangeDecoder(body);
        int size = _coder.Plain(2);
        if (size > 1)
        {
            throw new InvalidDataException("size");
        }

        (_c, _f, _h) = (14, 6, size == 0 ? 16 : 48);
        _n = _c + _f;
        (short[] means, sbyte[] exponents) = prior(size, _coder.Plain(5));
        int next = 0;
        int[] lengths =
        [
            2 * _n * _n + 4 * _n, 2 * _n + 2, 3 * _f * 12, 24, 8 * _h, 3 * _h + 3 + 21 + 3, 2 * 84,
        ];
        int[][] groups = [.. lengths.Select(length => ReadGroup(length, means, exponents, ref next))];
        Queue<int> rest = new(groups[0]);
        (_w1, _w2, _wo, _ws) = (Matrix(rest, _n, _n), Matrix(rest, _n, _n), Matrix(rest, 2, _n), Matrix(rest, 2, _n));
        rest = new Queue<int>(groups[1]);
        (_b1, _b2, _bo) = (Vector(rest, _n), Vector(rest, _n), Vector(rest, 2));
        rest = new Queue<int>(groups[2]);
        for (int s = 0; s < 3; s++)
        {
            (_wf[s], _bf[s]) = (Matrix(rest, _f, 11), Vector(rest, _f));
        }

        ReferenceSynthesis synthesis = new(groups[3], groups[4], groups[5], groups[6], _h);
        int count = 1 + Math.Clamp(Convert.ToString(Math.Max(width, height), 2).Length - 3, 0, 6);
        Grids = new int[count][,];
        for (int k = count - 1; k >= scale; k--)
        {
            Grids[k] = new int[Side(height, k), Side(width, k)];
            ReadGrid(k);
        }

        if (scale == 0 && _coder.Position < body.Length)
        {
            throw new InvalidDataException("too long");
        }

        Pixels = synthesis.Run(Grids, scale, Side(width, scale), Side(height, scale), k => (Side(width, k), Side(height, k)));
    }

    /// <summary>[row, column] of each grid.</summary>
    public int[][,] Grids { get; }

    public byte[] Pixels { get; }

    private static int Side(int side, int k) => (int)Math.Ceiling(side / Math.Pow(2, k));

    private static int[] Vector(Queue<int> values, int count) => [.. Enumerable.Range(0, count).Select(_ => values.Dequeue())];

    private static int[][] Matrix(Queue<int> values, int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => Vector(values, columns))];

    private int[] ReadGroup(int length, short[] means, sbyte[] exponents, ref int next)
    {
        int[] values = new int[length];
        int spread = _coder.Plain(4);
        int step = spread == 0 ? 0 : _coder.Plain(4);
        for (int w = 0; w < length; w++, next++)
        {
            int k = spread == 0 ? 0 : _coder.Value(0, 0, Math.Clamp(36 + exponents[next] - 8 * step + 4 * (spread - 8), 0, 95));
            values[w] = Math.Clamp(means[next] + k * (1 << step), -32768, 32767);
        }

        return values;
    }

    private void ReadGrid(int k)
    {
        if (_coder.Plain(1) == 1)
        {
            return;
        }

        int height = Grids[k].GetLength(0);
        int width = Grids[k].GetLength(1);
        for (int t = 0; t <= width - 1 + 3 * (height - 1); t++)
        {
            for (int y = 0; y < height; y++)
            {
                int x = t - 3 * y;
                if (x >= 0 && x < width)
                {
                    (int m, int f, int i) = Predict(k, x, y);
                    Grids[k][y, x] = _coder.Value(m, f, i);
                }
            }
        }
    }

    private int At(int k, int x, int y) =>
        k < Grids.Length && x >= 0 && y >= 0 && y < Grids[k].GetLength(0) && x < Grids[k].GetLength(1) ? Grids[k][y, x] : 0;

    private (int M, int F, int I) Predict(int k, int x, int y)
    {
        (int px, int py) = (x >> 1, y >> 1);
        int[] v =
        [
            At(k + 1, px - 1, py - 1), At(k + 1, px, py - 1), At(k + 1, px + 1, py - 1),
            At(k + 1, px - 1, py), At(k + 1, px, py), At(k + 1, px + 1, py),
            At(k + 1, px - 1, py + 1), At(k + 1, px, py + 1), At(k + 1, px + 1, py + 1),
            At(k + 2, px >> 1, py >> 1), At(k + 3, px >> 2, py >> 2),
        ];
        int s = Math.Min(k, 2);
        int[] inputs = new int[_n];
        for (int c = 0; c < _c; c++)
        {
            inputs[c] = At(k, x + s_contexts[c][0], y + s_contexts[c][1]) * 64;
        }

        for (int f = 0; f < _f; f++)
        {
            inputs[_c + f] = Math.Clamp((_bf[s][f] + Sum(_wf[s][f], v) + 8) >> 4, -32768, 32767);
        }

        int[] h1 = Layer(_w1, _b1, inputs);
        int[] h2 = Layer(_w2, _b2, h1);
        int mu = Math.Clamp((_bo[0] * 64 + Sum(_wo[0], h2) + Sum(_ws[0], inputs) + 2048) >> 12, -8176, 8176);
        int i = Math.Clamp(36 + ((_bo[1] * 64 + Sum(_wo[1], h2) + Sum(_ws[1], inputs) + 4096) >> 13), 0, 95);
        int m = (mu + 8) >> 4;
        return (m, mu - 16 * m, i);
    }

    private static int[] Layer(int[][] w, int[] b, int[] x) =>
        [.. Enumerable.Range(0, x.Length).Select(o => Math.Clamp(((b[o] * 64 + Sum(w[o], x) + 512) >> 10) + x[o], 0, 32767))];

    /// <summary>Modulo 2^32.</summary>
    private static int Sum(int[] w, int[] x)
    {
        int sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum = unchecked(sum + w[i] * x[i]);
        }

        return sum;
    }
}
