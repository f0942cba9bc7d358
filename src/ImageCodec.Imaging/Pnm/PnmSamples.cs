using System.Buffers.Binary;

namespace ImageCodec.Imaging.Pnm;

/// <summary>The samples of a PNM file, row by row, brought to 0 … 255, to the nearest, halves up.</summary>
internal ref struct PnmSamples(ReadOnlySpan<byte> file, PnmHeader header, int offset)
{
    private const int MaxByte = 255;

    private readonly ReadOnlySpan<byte> _file = file;
    private readonly int _maxValue = header.MaxValue;

    /// <summary>The next byte to be read.</summary>
    public int Offset { get; private set; } = offset;

    /// <summary>Reads a row.</summary>
    /// <exception cref="InvalidFileException">The file ends inside the row, or has a sample that can't be; those before are there.</exception>
    public void ReadRow(Span<byte> row)
    {
        if (header.Kind == '4')
        {
            ReadBits(row);
        }
        else if (header.IsText)
        {
            for (int i = 0; i < row.Length; i++)
            {
                int start = SkipSpace();
                int value = header.IsBitmap ? 1 - ReadDigits(start, start + 1) : ReadDigits(start, _file.Length);
                row[i] = Scale(value, start);
            }
        }
        else
        {
            ReadBytes(row);
        }
    }

    private void ReadBits(Span<byte> row)
    {
        int length = (row.Length + 7) / 8;
        ReadOnlySpan<byte> bits = _file.Slice(Offset, Math.Min(length, _file.Length - Offset));
        for (int x = 0; x < Math.Min(row.Length, 8 * bits.Length); x++)
        {
            row[x] = (byte)(((bits[x / 8] >> (7 - (x % 8))) & 1) - 1);
        }

        Offset += bits.Length;
        CheckEnd(bits.Length == length);
    }

    private void ReadBytes(Span<byte> row)
    {
        int size = header.BytesPerSample;
        int count = Math.Min(row.Length, (_file.Length - Offset) / size);
        ReadOnlySpan<byte> samples = _file.Slice(Offset, size * count);
        if (_maxValue == MaxByte)
        {
            samples.CopyTo(row);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                row[i] = Scale(size == 1 ? samples[i] : BinaryPrimitives.ReadUInt16BigEndian(samples[(2 * i)..]), Offset + (size * i));
            }
        }

        Offset += samples.Length;
        CheckEnd(count == row.Length);
    }

    /// <summary>Goes over white space, and comments, which go to the end of their lines.</summary>
    private int SkipSpace()
    {
        while (Offset < _file.Length && (PnmFormat.IsSpace(_file[Offset]) || _file[Offset] == '#'))
        {
            Offset = _file[Offset] == '#' ? PnmFormat.FindLineEnd(_file, Offset) : Offset + 1;
        }

        CheckEnd(Offset < _file.Length);
        return Offset;
    }

    private int ReadDigits(int start, int end)
    {
        int value = 0;
        while (Offset < end && char.IsAsciiDigit((char)_file[Offset]) && value <= _maxValue)
        {
            value = (10 * value) + _file[Offset++] - '0';
        }

        return Offset > start ? value : throw PnmFormat.Invalid("A sample was expected here, in digits.", start);
    }

    private readonly byte Scale(int value, int offset) => (uint)value > (uint)_maxValue
        ? throw PnmFormat.Invalid($"A sample is {(header.IsBitmap ? 1 - value : value)}, but the largest is {_maxValue}.", offset)
        : (byte)(((2 * MaxByte * value) + _maxValue) / (2 * _maxValue));

    private readonly void CheckEnd(bool isWhole)
    {
        if (!isWhole)
        {
            throw PnmFormat.Invalid("The file ends before its last sample.", Offset);
        }
    }
}
