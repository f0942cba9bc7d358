using System.Buffers;

namespace ImageCodec;

/// <summary>Whole numbers of at most 31 bits: seven bits a byte, the lowest first, the top bit set in all but the last; always in the shortest form.</summary>
internal static class VariableLength
{
    /// <summary>Bytes of a number.</summary>
    public static int Count(int value)
    {
        int count = 1;
        for (; value >= 0x80; value >>= 7)
        {
            count++;
        }

        return count;
    }

    public static void Write(IBufferWriter<byte> writer, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            writer.Write<byte>([(byte)(value | 0x80)]);
        }

        writer.Write<byte>([(byte)value]);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="bytes">What may be read.</param>
    /// <param name="position">Where the number begins; then where it has ended.</param>
    /// <param name="what">What it is, for errors.</param>
    /// <exception cref="InvalidFileException">There is no such number.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, ref int position, string what)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (position == bytes.Length || shift > 28)
            {
                throw new InvalidFileException("ICD", $"{what} is not a number of at most 31 bits.", position);
            }

            byte next = bytes[position++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                if ((next == 0 && shift > 0) || value > int.MaxValue)
                {
                    throw new InvalidFileException("ICD", $"{what} is not a number of at most 31 bits in its shortest form.", position);
                }

                return (int)value;
            }
        }
    }
}
