namespace ImageCodec.Models.Tests.Residuals;

/// <summary>The residual box read as docs/format.md has it, plainly and slowly, with nothing of the library's.</summary>
internal sealed class ReferenceResidual
{
    private static readonly int[] Thresholds = [1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 50, 70, 100, 160];

    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly int _n;
    private readonly byte[] _stream;

    // [channel in coding order][row, column]
    private readonly int[][,] _b;
    private readonly int[][,] _e;
    private readonly int[][,] _r;
    private readonly int[][][,] _misses;

    private readonly int[] _squash = new int[4095];
    private readonly int[] _stretch = new int[4096];
    private readonly int _tableBits;
    private readonly int[][] _probabilities;
    private readonly int[][] _counts;
    private readonly int[,,] _weights = new int[272, 6, 8];
    private int _position;
    private ulong _code;
    private ulong _range = (1UL << 32) - 1;

    /// <param name="payload">The contents of the box.</param>
    /// <param name="decoded">Red, green and blue of each pixel as the codec gives them.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="isGrey">Whether the box <c>grey</c> is there.</param>
    public ReferenceResidual(byte[] payload, byte[] decoded, int width, bool isGrey)
    {
        (_width, _height, _channels, _n, _stream) = (width, decoded.Length / 3 / width, isGrey ? 1 : 3, payload[0], payload[1..]);
        _b = [.. Enumerable.Range(0, _channels).Select(_ => new int[_height, _width])];
        _e = [.. _b.Select(_ => new int[_height, _width])];
        _r = [.. _b.Select(_ => new int[_height, _width])];
        _misses = [.. _b.Select(_ => Enumerable.Range(0, 4).Select(_ => new int[_height, _width]).ToArray())];
        for (int i = 0; i < _width * _height; i++)
        {
            for (int c = 0; c < _channels; c++)
            {
                _b[c][i / _width, i % _width] = decoded[3 * i + (c == 0 ? 1 : c == 1 ? 0 : 2)];
            }
        }

        int bits = 0;
        while (1 << bits <= _width * _height)
        {
            bits++;
        }

        _tableBits = Math.Clamp(bits, 12, 20);
        _probabilities = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Repeat(32768, 1 << _tableBits).ToArray())];
        _counts = [.. Enumerable.Range(0, 6).Select(_ => new int[1 << _tableBits])];
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i / 48, i / 8 % 6, i % 8] = 589824 * (i % 8) / 210;
        }

        double g = 1;
        for (int x = 0; x <= 2047; x++)
        {
            int v = (int)Math.Floor(65536 * (g / (1 + g)) + 0.5);
            _squash[2047 + x] = Math.Min(v, 65535);
            _squash[2047 - x] = Math.Max(65536 - v, 1);
            g *= 1.0039138893383475734;
        }

        int stretched = -2047;
        for (int i = 0; i < 4096; i++)
        {
            while (stretched < 2047 && Math.Abs(Squash(stretched + 1) - 16 * i - 8) <= Math.Abs(Squash(stretched) - 16 * i - 8))
            {
                stretched++;
            }

            _stretch[i] = stretched;
        }
    }

    /// <summary>Red, green and blue of each pixel as they should be.</summary>
    public byte[] Decode()
    {
        for (int i = 0; i < 4; i++)
        {
            _code = 256 * _code + NextByte();
        }

        int[][][] weights = [.. _b.Select(_ => Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 32).Select(i => i < 2 ? 1 << 21 : 0).ToArray()).ToArray())];
        byte[] pixels = new byte[3 * _width * _height];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                for (int c = 0; c < _channels; c++)
                {
                    int value = DecodeValue(c, y, x, weights[c]);
                    int at = 3 * (y * _width + x);
                    if (_channels == 1)
                    {
                        pixels.AsSpan(at, 3).Fill((byte)value);
                    }
                    else
                    {
                        pixels[at + (c == 0 ? 1 : c == 1 ? 0 : 2)] = (byte)value;
                    }
                }
            }
        }

        return pixels;
    }

    private int DecodeValue(int c, int y, int x, int[][] weights)
    {
        int b = B(c, y, x);
        List<int> u =
        [
            E(c, y, x - 1), E(c, y - 1, x), E(c, y - 1, x - 1), E(c, y - 1, x + 1), E(c, y, x - 2), E(c, y - 2, x), E(c, y - 2, x + 1), E(c, y - 2, x - 1),
            B(c, y, x - 1) - b, B(c, y, x + 1) - b, B(c, y - 1, x) - b, B(c, y + 1, x) - b,
            B(c, y - 1, x - 1) - b, B(c, y - 1, x + 1) - b, B(c, y + 1, x - 1) - b, B(c, y + 1, x + 1) - b,
        ];
        u.AddRange(c > 0 ? [E(c - 1, y, x), E(c - 1, y, x - 1), E(c - 1, y - 1, x), E(c - 1, y - 1, x - 1), E(c - 1, y - 1, x + 1)] : new int[5]);
        u.AddRange(c > 1 ? [E(c - 2, y, x), E(c - 2, y, x - 1), E(c - 2, y - 1, x)] : new int[3]);
        u.AddRange(new int[8]);

        int[] predictions = new int[4];
        for (int filter = 0; filter < 2; filter++)
        {
            int sum = 0;
            for (int i = 0; i < 32; i++)
            {
                sum = unchecked(sum + (weights[filter][i] >> 8) * u[i]);
            }

            predictions[filter] = 16 * b + (sum >> 10);
        }

        predictions[2] = 16 * (Median(c, y, x) + (c > 0 ? X(c - 1, y, x) - Median(c - 1, y, x) : 0));
        predictions[3] = 16 * b + 8 * (E(c, y, x - 1) + E(c, y - 1, x));
        long top = 0;
        long bottom = 0;
        for (int i = 0; i < 4; i++)
        {
            int q = (2 * (Miss(c, i, y, x - 1) + Miss(c, i, y - 1, x) + Miss(c, i, y - 1, x + 1)) + Miss(c, i, y - 1, x - 1) + Miss(c, i, y, x - 2)) >> 5;
            long t = Math.Max(1, (long)(2147483648.0 / Math.Pow(q + 2, 4)));
            top += t * predictions[i];
            bottom += t;
        }

        int joint = (int)Math.Clamp(top / bottom, 0, 4080);
        int center = (joint + 8) >> 4;
        int residual = DecodeResidual(c, y, x, joint, center);
        int value = Math.Clamp(center + residual * (2 * _n + 1), 0, 255);
        _r[c][y, x] = residual;
        _e[c][y, x] = value - b;
        for (int i = 0; i < 4; i++)
        {
            _misses[c][i][y, x] = Math.Min(Math.Abs(16 * value - predictions[i]), 1023);
        }

        int energy = 20 + u.Sum(input => input * input);
        for (int filter = 0; filter < 2; filter++)
        {
            int s = filter == 0 ? 3 : 6;
            int g = Math.Clamp(16 * value - predictions[filter], -8191, 8191) * 131072 / energy;
            for (int i = 0; i < 32; i++)
            {
                weights[filter][i] = unchecked(weights[filter][i] + ((u[i] * g + (1 << (s - 1))) >> s));
            }
        }

        return value;
    }

    private int DecodeResidual(int c, int y, int x, int joint, int center)
    {
        int a = 2 * (Math.Abs(R(c, y, x - 1)) + Math.Abs(R(c, y - 1, x))) + Math.Abs(R(c, y - 1, x - 1)) + Math.Abs(R(c, y - 1, x + 1))
            + Math.Abs(R(c, y, x - 2)) + Math.Abs(R(c, y - 2, x));
        int before = c > 0 ? R(c - 1, y, x) : 0;
        int first = c > 1 ? R(c - 2, y, x) : 0;
        int activity = Step(a);
        int kind = 17 * Step(a + 4 * Math.Abs(before) + 2 * Math.Abs(first));
        uint[] contexts =
        [
            Hash(c, activity, (joint - 16 * center) >> 1, 0),
            Hash(c, activity / 3, To(6, R(c, y, x - 1)), To(6, R(c, y - 1, x))),
            Hash(c, activity / 2, To(12, before), To(4, first)),
            Hash(c, activity / 2, center >> 2, Step(4 * Math.Abs(before))),
            Hash(c, X(c, y, x - 1), X(c, y - 1, x), center),
            c == 0 ? Hash(0, X(c, y - 1, x + 1), X(c, y - 1, x), center) : Hash(c, X(c - 1, y, x), before, center),
        ];
        if (Bit(contexts, 1, kind) == 0)
        {
            return 0;
        }

        int negative = Bit(contexts, 2, kind + 1);
        int f = 0;
        int z = 0;
        int l = 0;
        while (l + (1 << z) < (255 + _n) / (2 * _n + 1) && Bit(contexts, 3 + f + 64 * negative, kind + 2 + f) == 1)
        {
            l += 1 << z;
            f++;
            z = Math.Max(0, f - 3);
        }

        int v = 1;
        for (int i = 0; i < z; i++)
        {
            v = 2 * v + Bit(contexts, 1000 + 512 * f + v, kind + 13 + Math.Min(i, 3));
        }

        int magnitude = 1 + l + v - (1 << z);
        return negative == 1 ? -magnitude : magnitude;
    }

    private int Bit(uint[] contexts, int node, int kind)
    {
        int[] states = new int[6];
        int[] confidences = new int[6];
        long sum = 0;
        for (int i = 0; i < 6; i++)
        {
            uint h = unchecked((contexts[i] + (uint)node * 0x9E3779B1) * 0x85EBCA6B);
            h = unchecked((h ^ (h >> 15)) * 0xC2B2AE35);
            states[i] = (int)(h >> (32 - _tableBits));
            int count = _counts[i][states[i]];
            confidences[i] = count < 3 ? count : count < 5 ? 3 : count < 9 ? 4 : count < 20 ? 5 : count < 60 ? 6 : 7;
            sum += (long)_weights[kind, i, confidences[i]] * _stretch[_probabilities[i][states[i]] >> 4];
        }

        int p = Math.Clamp(Squash((int)(sum >> 16)), 32, 65504);
        ulong bound = (_range >> 16) * (ulong)p;
        int bit = _code < bound ? 1 : 0;
        (_range, _code) = bit == 1 ? (bound, _code) : (_range - bound, _code - bound);
        while (_range < 1 << 24)
        {
            _range *= 256;
            _code = 256 * _code + NextByte();
        }

        int e = 65536 * bit - p;
        for (int i = 0; i < 6; i++)
        {
            int q = _probabilities[i][states[i]];
            int k = _counts[i][states[i]];
            _weights[kind, i, confidences[i]] += (_stretch[q >> 4] * e) >> 14;
            _probabilities[i][states[i]] = q + (int)((long)((bit == 1 ? 65535 : 0) - q) * (int)(65536 / (k + 1.5)) >> 16);
            _counts[i][states[i]] = Math.Min(k + 1, 60);
        }

        return bit;
    }

    private int Squash(int x) => _squash[Math.Clamp(x, -2047, 2047) + 2047];

    private ulong NextByte() => _position < _stream.Length ? _stream[_position++] : 0UL;

    private static uint Hash(int i, int j, int k, int l)
    {
        const uint M = 0x2F0B4C47;
        return unchecked((((uint)i * M + (uint)j) * M + (uint)k) * M + (uint)l);
    }

    private static int Step(int value) => Thresholds.Count(threshold => threshold <= value);

    private static int To(int n, int value) => Math.Clamp(value, -n, n);

    private bool IsInside(int y, int x) => y >= 0 && y < _height && x >= 0 && x < _width;

    private int B(int c, int y, int x) => _b[c][Math.Clamp(y, 0, _height - 1), Math.Clamp(x, 0, _width - 1)];

    private int E(int c, int y, int x) => IsInside(y, x) ? _e[c][y, x] : 0;

    private int R(int c, int y, int x) => IsInside(y, x) ? _r[c][y, x] : 0;

    private int X(int c, int y, int x) => B(c, y, x) + E(c, y, x);

    private int Miss(int c, int i, int y, int x) => IsInside(y, x) ? _misses[c][i][y, x] : 0;

    private int Median(int c, int y, int x)
    {
        int west = X(c, y, x - 1);
        int north = X(c, y - 1, x);
        return Math.Clamp(west + north - X(c, y - 1, x - 1), Math.Min(west, north), Math.Max(west, north));
    }
}
