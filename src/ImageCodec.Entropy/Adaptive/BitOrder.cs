using System.Buffers.Binary;
using System.Numerics;

namespace ImageCodec.Entropy.Adaptive;

/// <summary>
/// The adaptive stream counts the bits of a byte from the least significant one; the coder works from the most significant one and
/// turns every byte round on the way in and out.
/// </summary>
internal static class BitOrder
{
    /// <summary>Copies bytes, each with its bits in the other order; the two spans may be the same.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">Room for at least as many.</param>
    public static void Reverse(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        destination = destination[..source.Length];
        Vector<ulong> ones = new(0x5555555555555555);
        Vector<ulong> twos = new(0x3333333333333333);
        Vector<ulong> fours = new(0x0F0F0F0F0F0F0F0F);
        while (source.Length >= Vector<byte>.Count)
        {
            Vector<ulong> x = new Vector<byte>(source).As<byte, ulong>();
            x = ((x >>> 1) & ones) | ((x & ones) << 1);
            x = ((x >>> 2) & twos) | ((x & twos) << 2);
            x = ((x >>> 4) & fours) | ((x & fours) << 4);
            x.As<ulong, byte>().CopyTo(destination);
            source = source[Vector<byte>.Count..];
            destination = destination[Vector<byte>.Count..];
        }

        for (int i = 0; i < source.Length; i++)
        {
            int x = source[i];
            x = ((x >> 1) & 0x55) | ((x & 0x55) << 1);
            x = ((x >> 2) & 0x33) | ((x & 0x33) << 2);
            destination[i] = (byte)((x >> 4) | (x << 4));
        }
    }

    /// <summary>Up to 16 bits that start at any bit, the most significant one of a byte first; zeros past the end.</summary>
    public static uint ReadBits(ReadOnlySpan<byte> bits, long position, int count)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        word.Clear();
        int first = (int)Math.Min(position >> 3, bits.Length);
        bits.Slice(first, Math.Min(sizeof(uint), bits.Length - first)).CopyTo(word);
        return (uint)((ulong)(BinaryPrimitives.ReadUInt32BigEndian(word) << (int)(position & 7)) >> (32 - count));
    }
}
