using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace ImageCodec;

/// <summary>
/// 24 bits that tell a codec, its weights included, from others, so that a file is never decoded with the wrong one:
/// the start of a SHA-256 of everything that decoding depends on.
/// </summary>
/// <param name="Value">The bits, 0 … 0xFFFFFF.</param>
public readonly record struct CodecFingerprint(int Value)
{
    /// <summary>Bytes in a file.</summary>
    internal const int Length = 3;

    /// <summary>The fingerprint of a description of a codec.</summary>
    /// <param name="description">Whatever decoding depends on, as bytes.</param>
    public static CodecFingerprint Of(ReadOnlySpan<byte> description)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(description, hash);
        return Read(hash);
    }

    /// <summary>The six hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x6", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    internal static CodecFingerprint? Parse(string? text) =>
        text?.Length == 2 * Length && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            ? new CodecFingerprint(value)
            : null;

    internal static CodecFingerprint Read(ReadOnlySpan<byte> bytes) => new((bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));

    internal void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)(Value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)Value);
    }
}
