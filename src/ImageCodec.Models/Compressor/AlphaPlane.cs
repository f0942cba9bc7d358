using System.Buffers;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Compressor;

/// <summary>
/// The alpha channel of a file, without loss, by the coder that knows neighbours: which of the 256 values there are; which blocks are all of the lowest or the highest
/// of them, which most are; and the pixels of the others.
/// </summary>
internal static class AlphaPlane
{
    private const string Format = "ICD";
    private const int ValueCount = 256;

    /// <summary>A bit for each value.</summary>
    private const int SetLength = ValueCount / 8;

    /// <summary>Pixels on a side of a block.</summary>
    private const int BlockSide = 8;

    private enum Kind : byte
    {
        Mixed,
        Lowest,
        Highest,
    }

    public static byte[] Encode(ReadOnlySpan<byte> alpha, int width, int height, CancellationToken cancellationToken)
    {
        byte[] set = new byte[SetLength];
        foreach (byte value in alpha)
        {
            set[value >> 3] |= (byte)(1 << (value & 7));
        }

        byte[] values = ValuesOf(set);
        byte[] symbols = new byte[alpha.Length];
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i] = (byte)values.AsSpan().BinarySearch(alpha[i]);
        }

        ArrayBufferWriter<byte> destination = new();
        WriteValues(values, set, destination);
        TensorShape blocks = BlocksOf(width, height);
        byte[] kinds = KindsOf(symbols, values.Length - 1, width, blocks);
        ArrayBufferWriter<byte> kindStream = new();
        ContextCoder.Instance.Encode(kinds, blocks, kindStream, cancellationToken);
        VariableLength.Write(destination, kindStream.WrittenCount);
        destination.Write(kindStream.WrittenSpan);
        ContextCoder.Encode(symbols, new TensorShape(height, width, 1), KnownBy(kinds, width, height, blocks), destination, cancellationToken);
        return destination.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidFileException">The bytes are damaged.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> payload, int width, int height, CancellationToken cancellationToken)
    {
        byte[] values = ReadValues(ref payload);
        TensorShape blocks = BlocksOf(width, height);
        byte[] kinds = new byte[blocks.Length];
        int position = 0;
        int length = VariableLength.Read(payload, ref position, "the length of the kinds of blocks of alpha");
        if (length > payload.Length - position)
        {
            throw new InvalidFileException(Format, "the box alpha ends among the kinds of its blocks.");
        }

        ContextCoder.Instance.Decode(payload.Slice(position, length), blocks, kinds, cancellationToken);
        if (kinds.AsSpan().ContainsAnyExceptInRange((byte)Kind.Mixed, (byte)Kind.Highest))
        {
            throw new InvalidFileException(Format, "a block of alpha is of no kind that there is.");
        }

        byte[] plane = new byte[width * height];
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = kinds[BlockOf(i, width, blocks)] == (byte)Kind.Highest ? (byte)(values.Length - 1) : (byte)0;
        }

        ContextCoder.Decode(payload[(position + length)..], new TensorShape(height, width, 1), KnownBy(kinds, width, height, blocks), plane, cancellationToken);
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = plane[i] < values.Length
                ? values[plane[i]]
                : throw new InvalidFileException(Format, $"a pixel has the alpha value {plane[i]} of {values.Length}.");
        }

        return plane;
    }

    /// <summary>Means of squares of values, rounded to the nearest, halves up; at the right and lower edge of what there is.</summary>
    /// <param name="plane">The values.</param>
    /// <param name="width">Of the plane.</param>
    /// <param name="height">Of the plane.</param>
    /// <param name="scale">The side of a square.</param>
    /// <param name="small">Receives the means.</param>
    public static void Shrink(ReadOnlySpan<byte> plane, int width, int height, int scale, Span<byte> small)
    {
        int smallWidth = (width + scale - 1) / scale;
        for (int i = 0; i < small.Length; i++)
        {
            int left = i % smallWidth * scale;
            int top = i / smallWidth * scale;
            int columns = Math.Min(scale, width - left);
            int rows = Math.Min(scale, height - top);
            int sum = 0;
            for (int y = top; y < top + rows; y++)
            {
                foreach (byte value in plane.Slice(y * width + left, columns))
                {
                    sum += value;
                }
            }

            int count = rows * columns;
            small[i] = (byte)((2 * sum + count) / (2 * count));
        }
    }

    private static TensorShape BlocksOf(int width, int height) => new((height + BlockSide - 1) / BlockSide, (width + BlockSide - 1) / BlockSide, 1);

    private static int BlockOf(int pixel, int width, TensorShape blocks) => pixel / width / BlockSide * blocks.Width + pixel % width / BlockSide;

    private static byte[] KindsOf(byte[] symbols, int highest, int width, TensorShape blocks)
    {
        byte[] low = new byte[blocks.Length];
        byte[] high = new byte[blocks.Length];
        low.AsSpan().Fill((byte)highest);
        for (int i = 0; i < symbols.Length; i++)
        {
            int block = BlockOf(i, width, blocks);
            low[block] = Math.Min(low[block], symbols[i]);
            high[block] = Math.Max(high[block], symbols[i]);
        }

        return [.. low.Zip(high, (least, most) => (byte)(most == 0 ? Kind.Lowest : least == highest ? Kind.Highest : Kind.Mixed))];
    }

    private static bool[] KnownBy(byte[] kinds, int width, int height, TensorShape blocks)
    {
        bool[] isKnown = new bool[width * height];
        for (int i = 0; i < isKnown.Length; i++)
        {
            isKnown[i] = kinds[BlockOf(i, width, blocks)] != (byte)Kind.Mixed;
        }

        return isKnown;
    }

    /// <summary>Few values are named one by one, many by a bit each.</summary>
    private static void WriteValues(byte[] values, byte[] set, ArrayBufferWriter<byte> destination)
    {
        bool areFew = values.Length < SetLength;
        destination.Write<byte>([areFew ? (byte)values.Length : (byte)0]);
        destination.Write(areFew ? values : set);
    }

    private static byte[] ReadValues(ref ReadOnlySpan<byte> payload)
    {
        int count = payload.IsEmpty ? 0 : payload[0];
        int length = count == 0 ? SetLength : count;
        if (count >= SetLength || payload.Length < 1 + length)
        {
            throw new InvalidFileException(Format, "the box alpha does not say which values there are.");
        }

        ReadOnlySpan<byte> head = payload.Slice(1, length);
        payload = payload[(1 + length)..];
        byte[] values = count == 0 ? ValuesOf(head) : head.ToArray();
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] <= values[i - 1])
            {
                throw new InvalidFileException(Format, "the box alpha names values that do not rise.");
            }
        }

        return values.Length > 0 ? values : throw new InvalidFileException(Format, "the box alpha names no value.");
    }

    private static byte[] ValuesOf(ReadOnlySpan<byte> set)
    {
        List<byte> values = [];
        for (int value = 0; value < ValueCount; value++)
        {
            if ((set[value >> 3] >> (value & 7) & 1) != 0)
            {
                values.Add((byte)value);
            }
        }

        return [.. values];
    }
}
