using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace ImageCodec;

/// <summary>
/// 24 bits that tell a codec, its weights included, from others, so that a file is never decoded with the wrong one:
/// the start of a SHA-256 of everything that decoding depends on.
/// </summary>
public readonly struct CodecFingerprint : IEquatable<CodecFingerprint>
{
    /// <summary>Bytes in a file.</summary>
    internal const int Length = 3;

    private const int MaxValue = 0xFFFFFF;

    /// <summary>Makes a fingerprint of its bits.</summary>
    /// <param name="value">The bits, 0 … 0xFFFFFF.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> does not have 24 bits.</exception>
    public CodecFingerprint(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        Value = value;
    }

    /// <summary>The bits, 0 … 0xFFFFFF.</summary>
    public int Value { get; }

    /// <summary>The fingerprint of a description of a codec.</summary>
    /// <param name="description">Whatever decoding depends on, as bytes.</param>
    public static CodecFingerprint Of(ReadOnlySpan<byte> description)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(description, hash);
        return Read(hash);
    }

    /// <summary>Reads what <see cref="ToString"/> writes: six hexadecimal digits, large or small, and nothing else.</summary>
    /// <param name="text">The text; null is none.</param>
    /// <param name="fingerprint">The fingerprint, or 000000 if there is none.</param>
    /// <returns>Whether the text is a fingerprint.</returns>
    public static bool TryParse(string? text, out CodecFingerprint fingerprint)
    {
        bool isOne = int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && text.Length == 2 * Length;
        fingerprint = isOne ? new CodecFingerprint(value) : default;
        return isOne;
    }

    /// <summary>Whether two fingerprints are of the same codec.</summary>
    public static bool operator ==(CodecFingerprint left, CodecFingerprint right) => left.Value == right.Value;

    /// <summary>Whether two fingerprints are of different codecs.</summary>
    public static bool operator !=(CodecFingerprint left, CodecFingerprint right) => left.Value != right.Value;

    /// <summary>Whether this is the fingerprint of the same codec.</summary>
    /// <param name="other">The other fingerprint.</param>
    public bool Equals(CodecFingerprint other) => Value == other.Value;

    /// <summary>Whether an object is the fingerprint of the same codec.</summary>
    /// <param name="obj">The object.</param>
    public override bool Equals(object? obj) => obj is CodecFingerprint other && Equals(other);

    /// <summary>A hash: the bits themselves.</summary>
    public override int GetHashCode() => Value;

    /// <summary>The six hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x6", CultureInfo.InvariantCulture);

    internal static CodecFingerprint Read(ReadOnlySpan<byte> bytes) => new((bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));

    internal void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)(Value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)Value);
    }
}
