namespace ImageCodec.Imaging.Jpeg;

/// <summary>
/// Keeps some rows of a component's samples and widens them to the picture's. A factor of 2 across, down or both is interpolated: each
/// sample lies in the middle of those that it stands for, so a new one takes ¾ of the nearer and ¼ of the farther one, in each direction,
/// rounded up and down by turns. Other factors repeat samples. Both are what libjpeg-turbo does unless it is told otherwise.
/// </summary>
internal sealed class Upsampler
{
    /// <summary>Narrower components are not interpolated across.</summary>
    private const int MinInterpolatedWidth = 3;

    private readonly Component _component;
    private readonly int _across;
    private readonly int _down;
    private readonly bool _interpolatesAcross;
    private readonly bool _interpolatesDown;

    /// <summary>The rows that are kept; the row y of the component is at y modulo their number.</summary>
    private readonly byte[] _samples;
    private readonly int _rowCount;

    /// <summary>A row of the picture.</summary>
    private readonly byte[] _wide;

    public Upsampler(Component component, Frame frame, int rowsOfMcus)
    {
        _component = component;
        _across = frame.MaxHorizontal / component.Horizontal;
        _down = frame.MaxVertical / component.Vertical;
        bool isWide = component.Width >= MinInterpolatedWidth;
        _interpolatesAcross = _across == 2 && _down <= 2 && isWide;
        _interpolatesDown = _down == 2 && (_across == 1 || _interpolatesAcross);
        Stride = component.PaddedBlockColumns * JpegFormat.BlockSide;
        _rowCount = rowsOfMcus * component.Vertical * JpegFormat.BlockSide;
        _samples = new byte[_rowCount * Stride];
        _wide = new byte[_across * component.Width];
    }

    /// <summary>From a row of samples to the next.</summary>
    public int Stride { get; }

    /// <summary>Where the samples of a block go.</summary>
    public Span<byte> BlockSamples(int column, int row) =>
        _samples.AsSpan((JpegFormat.BlockSide * row % _rowCount * Stride) + (JpegFormat.BlockSide * column));

    /// <summary>A row of the picture, which holds until the next is asked for; maybe with a few samples too many.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        int near = y / _down;
        if (_interpolatesDown)
        {
            bool isUpper = y % 2 == 0;
            int far = Math.Clamp(isUpper ? near - 1 : near + 1, 0, _component.Height - 1);
            if (_interpolatesAcross)
            {
                InterpolateBoth(Samples(near), Samples(far), _wide);
            }
            else
            {
                InterpolateDown(Samples(near), Samples(far), isUpper ? 1 : 2, _wide);
            }

            return _wide;
        }

        if (_across == 1)
        {
            return Samples(near);
        }

        if (_interpolatesAcross && _down == 1)
        {
            InterpolateAcross(Samples(near), _wide);
        }
        else
        {
            Repeat(Samples(near), _across, _wide);
        }

        return _wide;
    }

    private ReadOnlySpan<byte> Samples(int row) => _samples.AsSpan(row % _rowCount * Stride, _component.Width);

    private static void Repeat(ReadOnlySpan<byte> samples, int times, Span<byte> wide)
    {
        for (int x = 0; x < samples.Length; x++)
        {
            wide.Slice(times * x, times).Fill(samples[x]);
        }
    }

    private static void InterpolateAcross(ReadOnlySpan<byte> samples, Span<byte> wide)
    {
        int last = samples.Length - 1;
        wide[0] = samples[0];
        wide[1] = (byte)(((3 * samples[0]) + samples[1] + 2) >> 2);
        for (int x = 1; x < last; x++)
        {
            int near = 3 * samples[x];
            wide[2 * x] = (byte)((near + samples[x - 1] + 1) >> 2);
            wide[(2 * x) + 1] = (byte)((near + samples[x + 1] + 2) >> 2);
        }

        wide[2 * last] = (byte)(((3 * samples[last]) + samples[last - 1] + 1) >> 2);
        wide[(2 * last) + 1] = samples[last];
    }

    private static void InterpolateDown(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int rounding, Span<byte> wide)
    {
        far = far[..near.Length];
        wide = wide[..near.Length];
        for (int x = 0; x < near.Length; x++)
        {
            wide[x] = (byte)(((3 * near[x]) + far[x] + rounding) >> 2);
        }
    }

    private static void InterpolateBoth(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> wide)
    {
        far = far[..near.Length];
        int here = (3 * near[0]) + far[0];
        int next = (3 * near[1]) + far[1];
        wide[0] = (byte)(((4 * here) + 8) >> 4);
        wide[1] = (byte)(((3 * here) + next + 7) >> 4);
        int to = 2;
        for (int x = 2; x < near.Length; x++, to += 2)
        {
            int before = here;
            here = next;
            next = (3 * near[x]) + far[x];
            wide[to + 1] = (byte)(((3 * here) + next + 7) >> 4);
            wide[to] = (byte)(((3 * here) + before + 8) >> 4);
        }

        wide[to + 1] = (byte)(((4 * next) + 7) >> 4);
        wide[to] = (byte)(((3 * next) + here + 8) >> 4);
    }
}
