using System.Buffers.Binary;

namespace ImageCodec.NeuralNetworks;

/// <summary>
/// The safetensors format: 8 bytes, little-endian, with the length of a header; the header, a JSON object that gives for
/// every tensor its type, shape and place in the data, and under <c>__metadata__</c> an object of texts; the data.
/// </summary>
internal static partial class Safetensors
{
    /// <summary>
    /// The longest header that is read or written, in bytes: enough for some hundred thousand tensors, and short enough
    /// that the first bytes of a zip file can never be the length of one.
    /// </summary>
    public const int MaxHeaderLength = 16 << 20;

    /// <summary>What messages call such a file.</summary>
    public const string Format = "safetensors";

    /// <summary>The name in the header that is not a tensor's.</summary>
    public const string MetadataName = "__metadata__";

    private const int LengthBytes = sizeof(ulong);

    /// <summary>Whether bytes begin as a safetensors file does: a header length within the limit, then a brace.</summary>
    public static bool LooksLikeSafetensors(ReadOnlySpan<byte> file) =>
        file.Length > LengthBytes
        && BinaryPrimitives.ReadUInt64LittleEndian(file) <= MaxHeaderLength
        && file[LengthBytes] == (byte)'{';
}
