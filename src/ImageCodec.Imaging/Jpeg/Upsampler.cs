using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>A row on its way there, with one more sample at both ends.</summary>
    private readonly ushort[] _sums;

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
        _sums = new ushort[component.Width + 2];
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

    private void InterpolateAcross(ReadOnlySpan<byte> samples, Span<byte> wide)
    {
        Span<ushort> sums = _sums.AsSpan(0, samples.Length + 2);
        int x = 0;
        for (; x <= samples.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(samples[x..]));
            low.CopyTo(sums[(1 + x)..]);
            high.CopyTo(sums[(1 + x + Vector128<ushort>.Count)..]);
        }

        for (; x < samples.Length; x++)
        {
            sums[1 + x] = samples[x];
        }

        Interleave(sums, 1, 2, 2, wide);
    }

    private static void InterpolateDown(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int rounding, Span<byte> wide)
    {
        far = far[..near.Length];
        wide = wide[..near.Length];
        int x = 0;
        Vector128<ushort> roundings = Vector128.Create((ushort)rounding);
        for (; x <= near.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Sums(near[x..], far[x..]);
            Vector128.Narrow((low + roundings) >> 2, (high + roundings) >> 2).CopyTo(wide[x..]);
        }

        for (; x < near.Length; x++)
        {
            wide[x] = (byte)(((3 * near[x]) + far[x] + rounding) >> 2);
        }
    }

    private void InterpolateBoth(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> wide)
    {
        far = far[..near.Length];
        Span<ushort> sums = _sums.AsSpan(0, near.Length + 2);
        int x = 0;
        for (; x <= near.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Sums(near[x..], far[x..]);
            low.CopyTo(sums[(1 + x)..]);
            high.CopyTo(sums[(1 + x + Vector128<ushort>.Count)..]);
        }

        for (; x < near.Length; x++)
        {
            sums[1 + x] = (ushort)((3 * near[x]) + far[x]);
        }

        Interleave(sums, 8, 7, 4, wide);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<ushort> Low, Vector128<ushort> High) Sums(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        (Vector128<ushort> nearLow, Vector128<ushort> nearHigh) = Vector128.Widen(Vector128.Create(near));
        (Vector128<ushort> farLow, Vector128<ushort> farHigh) = Vector128.Widen(Vector128.Create(far));
        return ((nearLow * 3) + farLow, (nearHigh * 3) + farHigh);
    }

    /// <summary>
    /// Of each sum two samples: ¾ of it with ¼ of the one before, and with ¼ of the one behind. Before the first and behind the last there is the same once more.
    /// </summary>
    /// <param name="sums">The sums, with room for one more at both ends.</param>
    /// <param name="roundingBefore">What is added to the first of two samples.</param>
    /// <param name="roundingBehind">What is added to the second.</param>
    /// <param name="shift">The bits to be taken off.</param>
    /// <param name="wide">Where the samples go.</param>
    private static void Interleave(Span<ushort> sums, int roundingBefore, int roundingBehind, int shift, Span<byte> wide)
    {
        sums[0] = sums[1];
        sums[^1] = sums[^2];
        int count = sums.Length - 2;
        int x = 0;
        for (; x <= count - Vector128<ushort>.Count; x += Vector128<ushort>.Count)
        {
            Vector128<ushort> here = Vector128.Create((ReadOnlySpan<ushort>)sums[(1 + x)..]) * 3;
            Vector128<ushort> before = (here + Vector128.Create((ReadOnlySpan<ushort>)sums[x..]) + Vector128.Create((ushort)roundingBefore)) >> shift;
            Vector128<ushort> behind = (here + Vector128.Create((ReadOnlySpan<ushort>)sums[(2 + x)..]) + Vector128.Create((ushort)roundingBehind)) >> shift;
            Vector128<byte> both = BitConverter.IsLittleEndian ? (before | (behind << 8)).AsByte() : ((before << 8) | behind).AsByte();
            both.CopyTo(wide[(2 * x)..]);
        }

        for (; x < count; x++)
        {
            int here = 3 * sums[1 + x];
            wide[2 * x] = (byte)((here + sums[x] + roundingBefore) >> shift);
            wide[(2 * x) + 1] = (byte)((here + sums[2 + x] + roundingBehind) >> shift);
        }
    }
}
