using System.Buffers.Binary;

namespace ImageCodec.Entropy;

/// <summary>The adaptive stream counts bits from the least significant one of each byte; the coder works from the most significant one.</summary>
internal static class BitOrder
{
    /// <summary>Turns round all 32 bits: bit 0 becomes bit 31.</summary>
    public static uint Reverse(uint x)
    {
        x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
        x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
        x = ((x >> 4) & 0x0F0F0F0F) | ((x & 0x0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(x);
    }

    /// <summary>The 32 bits of the stream that start with byte <paramref name="position"/>, the first one the most significant; zeros past the end.</summary>
    public static uint ReadWord(ReadOnlySpan<byte> source, int position)
    {
        if (position <= source.Length - sizeof(uint))
        {
            return Reverse(BinaryPrimitives.ReadUInt32LittleEndian(source[position..]));
        }

        uint word = 0;
        for (int i = 0; i < sizeof(uint) && position + i < source.Length; i++)
        {
            word |= (uint)source[position + i] << (8 * i);
        }

        return Reverse(word);
    }

    /// <summary>Up to 32 bits that start at any bit of the stream, the first one the most significant; zeros past the end.</summary>
    public static uint ReadBits(ReadOnlySpan<byte> source, long bitPosition, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        int position = (int)Math.Min(bitPosition >> 3, source.Length);
        ulong bits = ((ulong)ReadWord(source, position) << 32) | ReadWord(source, Math.Min(position + 4, source.Length));
        return (uint)((bits << (int)(bitPosition & 7)) >> (64 - count));
    }
}
