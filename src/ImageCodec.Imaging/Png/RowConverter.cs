using System.Buffers.Binary;
using System.Numerics;

namespace ImageCodec.Imaging.Png;

/// <summary>Rows of PNG samples to 8-bit RGB, transparency over white.</summary>
internal sealed class RowConverter
{
    private const byte White = 255;

    private readonly ImageHeader _header;

    /// <summary>The RGB bytes of every value that a pixel of at most 8 bits can have; its length says which values are allowed.</summary>
    private readonly byte[] _table = [];

    /// <summary>Which of those values are not opaque; empty where all are.</summary>
    private readonly bool[] _transparentValues = [];

    /// <summary>The samples of the one transparent colour of an RGB or 16-bit grey picture; −1, which no sample is, without one.</summary>
    private readonly (int R, int G, int B) _transparent = (-1, -1, -1);

    public RowConverter(ImageHeader header, byte[]? palette, byte[]? transparency)
    {
        _header = header;
        if (header.ColorType == ColorType.Palette)
        {
            _table = PaletteTable(palette!, transparency);
            _transparentValues = transparency is null ? [] : [.. Enumerable.Range(0, _table.Length / 3).Select(i => i < transparency.Length && transparency[i] < 255)];
        }
        else if (header.ColorType == ColorType.Grey && header.BitDepth <= 8)
        {
            int transparent = transparency is null ? -1 : TransparentSample(transparency, 0);
            _table = GreyTable(header.BitDepth, transparent);
            _transparentValues = transparent < 0 ? [] : [.. Enumerable.Range(0, _table.Length / 3).Select(value => value == transparent)];
        }
        else if (transparency is not null)
        {
            int r = TransparentSample(transparency, 0);
            _transparent = header.ColorType == ColorType.Grey
                ? (r, r, r)
                : (r, TransparentSample(transparency, 2), TransparentSample(transparency, 4));
        }
    }

    /// <summary>Whether a pixel that was converted was not opaque.</summary>
    public bool HasSeenTransparency { get; private set; }

    /// <summary>Converts rgb.Length / 3 pixels.</summary>
    /// <exception cref="InvalidFileException">A pixel has a palette index that the palette lacks.</exception>
    public void Convert(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        switch (_header.ColorType, _header.BitDepth)
        {
            case (ColorType.Grey or ColorType.Palette, <= 8):
                ConvertByTable(row, rgb);
                break;
            case (ColorType.Grey, _):
                ConvertGrey16(row, rgb);
                break;
            case (ColorType.GreyAlpha, 8):
                ConvertGreyAlpha8(row, rgb);
                break;
            case (ColorType.GreyAlpha, _):
                ConvertGreyAlpha16(row, rgb);
                break;
            case (ColorType.Rgb, 8):
                ConvertRgb8(row, rgb);
                break;
            case (ColorType.Rgb, _):
                ConvertRgb16(row, rgb);
                break;
            case (_, 8):
                ConvertRgbAlpha8(row, rgb);
                break;
            default:
                ConvertRgbAlpha16(row, rgb);
                break;
        }
    }

    /// <summary>round((v · a + 255 · (255 − a)) / 255); the divisor is odd, so nothing lies halfway.</summary>
    private static byte OverWhite8(int value, int alpha) => (byte)(((value * alpha) + (White * (255 - alpha)) + 127) / 255);

    /// <summary>The nearest of 0 … 255 to v · 255 / 65535 = v / 257.</summary>
    private static byte Round16(int value) => (byte)((value + 128) / 257);

    /// <summary>As <see cref="OverWhite8"/> with 16-bit values, rounded once, to 8 bits.</summary>
    private static byte OverWhite16(int value, int alpha)
    {
        const ulong Max = 65535;
        ulong scaled = ((ulong)value * (ulong)alpha) + (Max * (Max - (ulong)alpha));
        return (byte)(((255 * scaled) + (Max * Max / 2)) / (Max * Max));
    }

    private static int Read16(ReadOnlySpan<byte> row, int sample) => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * sample)..]);

    private static byte[] PaletteTable(byte[] palette, byte[]? transparency)
    {
        byte[] table = (byte[])palette.Clone();
        for (int i = 0; i < 3 * (transparency?.Length ?? 0); i++)
        {
            table[i] = OverWhite8(table[i], transparency![i / 3]);
        }

        return table;
    }

    private static byte[] GreyTable(int bitDepth, int transparent)
    {
        int max = (1 << bitDepth) - 1;
        byte[] table = new byte[3 * (max + 1)];
        for (int value = 0; value <= max; value++)
        {
            table.AsSpan(3 * value, 3).Fill(value == transparent ? White : (byte)(value * 255 / max));
        }

        return table;
    }

    /// <summary>tRNS gives 16 bits whatever the depth; those above it mean nothing.</summary>
    private int TransparentSample(byte[] transparency, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(offset)) & ((1 << _header.BitDepth) - 1);

    private void ConvertByTable(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        ReadOnlySpan<byte> table = _table;
        int depth = _header.BitDepth;
        int pixelsPerByte = 8 / depth;
        int byteShift = BitOperations.Log2((uint)pixelsPerByte);
        int mask = (1 << depth) - 1;
        int width = rgb.Length / 3;
        for (int x = 0; x < width; x++)
        {
            int value = (row[x >> byteShift] >> (8 - depth - (depth * (x & (pixelsPerByte - 1))))) & mask;
            if (3 * value >= table.Length)
            {
                throw PngFormat.Invalid($"A pixel has the palette index {value}, but the palette has {table.Length / 3} colours.");
            }

            table.Slice(3 * value, 3).CopyTo(rgb[(3 * x)..]);
            HasSeenTransparency |= _transparentValues.Length > 0 && _transparentValues[value];
        }
    }

    private void ConvertGrey16(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            int value = Read16(row, x);
            rgb.Slice(3 * x, 3).Fill(value == _transparent.R ? White : Round16(value));
            HasSeenTransparency |= value == _transparent.R;
        }
    }

    private void ConvertGreyAlpha8(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            rgb.Slice(3 * x, 3).Fill(OverWhite8(row[2 * x], row[(2 * x) + 1]));
            HasSeenTransparency |= row[(2 * x) + 1] < 255;
        }
    }

    private void ConvertGreyAlpha16(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (int x = 0; x < rgb.Length / 3; x++)
        {
            ReadOnlySpan<byte> pixel = row[(4 * x)..];
            rgb.Slice(3 * x, 3).Fill(OverWhite16(Read16(pixel, 0), Read16(pixel, 1)));
            HasSeenTransparency |= Read16(pixel, 1) < 65535;
        }
    }

    private void ConvertRgb8(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        row[..rgb.Length].CopyTo(rgb);
        if (_transparent.R < 0)
        {
            return;
        }

        for (; !rgb.IsEmpty; rgb = rgb[3..])
        {
            if ((rgb[0], rgb[1], rgb[2]) == _transparent)
            {
                rgb[..3].Fill(White);
                HasSeenTransparency = true;
            }
        }
    }

    private void ConvertRgb16(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (; !rgb.IsEmpty; rgb = rgb[3..], row = row[6..])
        {
            (int R, int G, int B) pixel = (Read16(row, 0), Read16(row, 1), Read16(row, 2));
            if (pixel == _transparent)
            {
                rgb[..3].Fill(White);
                HasSeenTransparency = true;
                continue;
            }

            rgb[0] = Round16(pixel.R);
            rgb[1] = Round16(pixel.G);
            rgb[2] = Round16(pixel.B);
        }
    }

    private void ConvertRgbAlpha8(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (; !rgb.IsEmpty; rgb = rgb[3..], row = row[4..])
        {
            int alpha = row[3];
            HasSeenTransparency |= alpha < 255;
            rgb[0] = OverWhite8(row[0], alpha);
            rgb[1] = OverWhite8(row[1], alpha);
            rgb[2] = OverWhite8(row[2], alpha);
        }
    }

    private void ConvertRgbAlpha16(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        for (; !rgb.IsEmpty; rgb = rgb[3..], row = row[8..])
        {
            int alpha = Read16(row, 3);
            HasSeenTransparency |= alpha < 65535;
            rgb[0] = OverWhite16(Read16(row, 0), alpha);
            rgb[1] = OverWhite16(Read16(row, 1), alpha);
            rgb[2] = OverWhite16(Read16(row, 2), alpha);
        }
    }
}
