using System.Buffers.Binary;
using System.Numerics;

namespace ImageCodec.Imaging.Png;

/// <summary>Rows of PNG samples to 8-bit RGB, and to alpha where there may be some.</summary>
internal sealed class RowConverter
{
    private readonly ImageHeader _header;

    /// <summary>The RGB bytes of every value that a pixel of at most 8 bits can have.</summary>
    private readonly byte[] _table = [];

    /// <summary>How many of them are colours of the file; others are black.</summary>
    private readonly int _colorCount;

    private int _largest;

    /// <summary>The alpha of those values; empty where all are opaque.</summary>
    private readonly byte[] _alphaTable = [];

    /// <summary>The samples of the one transparent colour of an RGB or 16-bit grey picture; −1, which no sample is, without one.</summary>
    private readonly (int R, int G, int B) _transparent = (-1, -1, -1);

    public RowConverter(ImageHeader header, byte[]? palette, byte[]? transparency)
    {
        _header = header;
        HasAlpha = transparency is not null || header.ColorType is ColorType.GreyAlpha or ColorType.RgbAlpha;
        if (header.ColorType == ColorType.Palette)
        {
            int most = 1 << header.BitDepth;
            _colorCount = Math.Min(palette!.Length / 3, most);
            _table = new byte[3 * most];
            palette.AsSpan(0, 3 * _colorCount).CopyTo(_table);
            if (transparency is not null)
            {
                _alphaTable = [.. transparency, .. Enumerable.Repeat((byte)255, Math.Max(0, most - transparency.Length))];
            }
        }
        else if (header.ColorType == ColorType.Grey && header.BitDepth <= 8)
        {
            int max = (1 << header.BitDepth) - 1;
            _colorCount = max + 1;
            _table = [.. Enumerable.Range(0, 3 * (max + 1)).Select(i => (byte)(i / 3 * 255 / max))];
            if (transparency is not null)
            {
                _alphaTable = [.. Enumerable.Repeat((byte)255, max + 1)];
                _alphaTable[TransparentSample(transparency, 0)] = 0;
            }
        }
        else if (transparency is not null)
        {
            int r = TransparentSample(transparency, 0);
            _transparent = header.ColorType == ColorType.Grey
                ? (r, r, r)
                : (r, TransparentSample(transparency, 2), TransparentSample(transparency, 4));
        }
    }

    /// <summary>Whether pixels may be other than opaque.</summary>
    public bool HasAlpha { get; }

    /// <summary>Whether there were indices beyond the palette.</summary>
    public bool HasStrayIndices => _largest > 0 && _largest >= _colorCount;

    /// <summary>Converts rgb.Length / 3 pixels.</summary>
    /// <param name="row">The samples.</param>
    /// <param name="rgb">Receives the colours.</param>
    /// <param name="alpha">Receives how opaque they are, where <see cref="HasAlpha"/>; else empty.</param>
    public void Convert(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        switch (_header.ColorType, _header.BitDepth)
        {
            case (ColorType.Grey or ColorType.Palette, <= 8):
                ConvertByTable(row, rgb, alpha);
                break;
            case (ColorType.Grey, _):
                ConvertGrey16(row, rgb, alpha);
                break;
            case (ColorType.GreyAlpha, 8):
                ConvertGreyAlpha8(row, rgb, alpha);
                break;
            case (ColorType.GreyAlpha, _):
                ConvertGreyAlpha16(row, rgb, alpha);
                break;
            case (ColorType.Rgb, 8):
                ConvertRgb8(row, rgb, alpha);
                break;
            case (ColorType.Rgb, _):
                ConvertRgb16(row, rgb, alpha);
                break;
            case (_, 8):
                ConvertRgbAlpha8(row, rgb, alpha);
                break;
            default:
                ConvertRgbAlpha16(row, rgb, alpha);
                break;
        }
    }

    /// <summary>The nearest of 0 … 255 to v · 255 / 65535 = v / 257.</summary>
    private static byte Round16(int value) => (byte)((value + 128) / 257);

    private static int Read16(ReadOnlySpan<byte> row, int sample) => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * sample)..]);

    /// <summary>tRNS gives 16 bits whatever the depth; those above it mean nothing.</summary>
    private int TransparentSample(byte[] transparency, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(offset)) & ((1 << _header.BitDepth) - 1);

    private void ConvertByTable(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        ReadOnlySpan<byte> table = _table;
        int depth = _header.BitDepth;
        int pixelsPerByte = 8 / depth;
        int byteShift = BitOperations.Log2((uint)pixelsPerByte);
        int mask = (1 << depth) - 1;
        int width = rgb.Length / 3;
        int largest = _largest;
        for (int x = 0; x < width; x++)
        {
            int value = (row[x >> byteShift] >> (8 - depth - (depth * (x & (pixelsPerByte - 1))))) & mask;
            largest = Math.Max(largest, value);
            table.Slice(3 * value, 3).CopyTo(rgb[(3 * x)..]);
            if (!alpha.IsEmpty)
            {
                alpha[x] = _alphaTable[value];
            }
        }

        _largest = largest;
    }

    private void ConvertGrey16(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            int value = Read16(row, x);
            rgb.Slice(3 * x, 3).Fill(Round16(value));
            if (!alpha.IsEmpty)
            {
                alpha[x] = value == _transparent.R ? (byte)0 : (byte)255;
            }
        }
    }

    private static void ConvertGreyAlpha8(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < alpha.Length; x++)
        {
            rgb.Slice(3 * x, 3).Fill(row[2 * x]);
            alpha[x] = row[(2 * x) + 1];
        }
    }

    private static void ConvertGreyAlpha16(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < alpha.Length; x++)
        {
            rgb.Slice(3 * x, 3).Fill(Round16(Read16(row, 2 * x)));
            alpha[x] = Round16(Read16(row, (2 * x) + 1));
        }
    }

    private void ConvertRgb8(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        row[..rgb.Length].CopyTo(rgb);
        for (int x = 0; x < alpha.Length; x++)
        {
            alpha[x] = (rgb[3 * x], rgb[(3 * x) + 1], rgb[(3 * x) + 2]) == _transparent ? (byte)0 : (byte)255;
        }
    }

    private void ConvertRgb16(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[i] = Round16(Read16(row, i));
        }

        for (int x = 0; x < alpha.Length; x++)
        {
            alpha[x] = (Read16(row, 3 * x), Read16(row, (3 * x) + 1), Read16(row, (3 * x) + 2)) == _transparent ? (byte)0 : (byte)255;
        }
    }

    private static void ConvertRgbAlpha8(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < alpha.Length; x++, row = row[4..], rgb = rgb[3..])
        {
            row[..3].CopyTo(rgb);
            alpha[x] = row[3];
        }
    }

    private static void ConvertRgbAlpha16(ReadOnlySpan<byte> row, Span<byte> rgb, Span<byte> alpha)
    {
        for (int x = 0; x < alpha.Length; x++, row = row[8..], rgb = rgb[3..])
        {
            rgb[0] = Round16(Read16(row, 0));
            rgb[1] = Round16(Read16(row, 1));
            rgb[2] = Round16(Read16(row, 2));
            alpha[x] = Round16(Read16(row, 3));
        }
    }
}
