using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.NeuralNetworks;

/// <summary>Sizes of the element types and the way from their bytes to <see cref="float"/>.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one value.</summary>
    public static int GetSize(ElementType type) => type switch
    {
        ElementType.Integer8 or ElementType.Signed8 => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Integer16 => 2,
        ElementType.Float32 or ElementType.Integer32 => 4,
        ElementType.Float64 or ElementType.Integer64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    /// <summary>Whether tensors of this type are weights, and not counters that readers leave out.</summary>
    public static bool IsFloat(ElementType type) =>
        type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    /// <summary>
    /// Turns bytes into floats: exactly, bit for bit where the type is <see cref="ElementType.Float32"/>,
    /// and to the nearest (ties to even) from <see cref="ElementType.Float64"/>.
    /// </summary>
    /// <param name="source">At least <paramref name="destination"/>'s length times the type's size in bytes.</param>
    /// <param name="type">A float type.</param>
    /// <param name="bigEndian">Whether the most significant byte comes first.</param>
    /// <param name="destination">Receives the values.</param>
    /// <returns>
    /// False if a finite value is too large for a <see cref="float"/>: rounding it to infinity would spoil every picture
    /// without a word. <paramref name="destination"/> is then filled in part.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not a float type.</exception>
    public static bool TryWiden(ReadOnlySpan<byte> source, ElementType type, bool bigEndian, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.Float32 when bigEndian != BitConverter.IsLittleEndian:
                source[..(4 * destination.Length)].CopyTo(MemoryMarshal.AsBytes(destination));
                return true;

            case ElementType.Float32:
                for (int i = 0; i < destination.Length; i++)
                {
                    ReadOnlySpan<byte> at = source.Slice(4 * i, 4);
                    destination[i] = bigEndian ? BinaryPrimitives.ReadSingleBigEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at);
                }

                return true;

            case ElementType.Float16:
                for (int i = bigEndian || !BitConverter.IsLittleEndian ? 0 : WidenHalves(MemoryMarshal.Cast<byte, ushort>(source), destination); i < destination.Length; i++)
                {
                    ReadOnlySpan<byte> at = source.Slice(2 * i, 2);
                    destination[i] = (float)(bigEndian ? BinaryPrimitives.ReadHalfBigEndian(at) : BinaryPrimitives.ReadHalfLittleEndian(at));
                }

                return true;

            case ElementType.BFloat16:
                for (int i = 0; i < destination.Length; i++)
                {
                    ReadOnlySpan<byte> at = source.Slice(2 * i, 2);
                    uint upper = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
                    destination[i] = BitConverter.UInt32BitsToSingle(upper << 16);
                }

                return true;

            case ElementType.Float64:
                for (int i = 0; i < destination.Length; i++)
                {
                    ReadOnlySpan<byte> at = source.Slice(8 * i, 8);
                    double value = bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at);
                    destination[i] = (float)value;
                    if (float.IsInfinity(destination[i]) && double.IsFinite(value))
                    {
                        return false;
                    }
                }

                return true;

            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a float type.");
        }
    }

    /// <summary>
    /// Widens eight values at a time up to the first that is infinite or not a number: their bits, moved to a float's place, are right but for a factor of 2^112, by which
    /// each is multiplied without rounding.
    /// </summary>
    /// <returns>How many are done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int WidenHalves(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        const int ExponentBias = 112;
        const int MantissaShift = 13;
        const ushort Infinity = 0x7c00;
        Vector256<float> factor = Vector256.Create(BitConverter.Int32BitsToSingle((ExponentBias + 127) << 23));
        int i = 0;
        for (; i <= destination.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<uint> bits = Vector256.WidenLower(Vector128.Create(source[i..]).ToVector256());
            Vector256<uint> magnitude = bits & Vector256.Create(0x7fffu);
            if (Vector256.GreaterThanOrEqualAny(magnitude, Vector256.Create((uint)Infinity)))
            {
                break;
            }

            Vector256<float> widened = (magnitude << MantissaShift).AsSingle() * factor;
            (widened.AsUInt32() | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle().CopyTo(destination[i..]);
        }

        return i;
    }
}
