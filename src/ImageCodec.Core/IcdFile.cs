using System.Buffers;

namespace ImageCodec;

/// <summary>
/// The container of a compressed picture: magic and version, a fingerprint of the codec, the size, boxes of what belongs to the picture beside its colours, a
/// body that belongs to the codec, a checksum. docs/format.md specifies it.
/// </summary>
public sealed class IcdFile
{
    /// <summary>The version of files without boxes.</summary>
    private const int FirstVersion = 1;

    /// <summary>The version of files with boxes, and the latest.</summary>
    internal const int CurrentVersion = 2;

    /// <summary>The usual ending of file names.</summary>
    public const string Extension = ".icd";

    /// <summary>The media type, for HTTP and the like. It is not registered.</summary>
    public const string MediaType = "image/x-icd";

    private const string Format = "ICD";
    private const byte Magic0 = 0x1C;
    private const byte Magic1 = 0xD0;

    // Magic, fingerprint, two sizes of a byte at least, checksum.
    private const int MinLength = 2 + CodecFingerprint.Length + 2 + Crc24.Length;

    private IcdFile(int version, CodecFingerprint fingerprint, int width, int height, IReadOnlyList<IcdBox> boxes, ReadOnlyMemory<byte> body, int fileLength)
    {
        Version = version;
        Boxes = boxes;
        Fingerprint = fingerprint;
        Width = width;
        Height = height;
        Body = body;
        FileLength = fileLength;
    }

    /// <summary>The version of the format.</summary>
    public int Version { get; }

    /// <summary>Which codec, weights included, the file needs.</summary>
    public CodecFingerprint Fingerprint { get; }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>What belongs to the picture beside its colours, in the order of the file.</summary>
    public IReadOnlyList<IcdBox> Boxes { get; }

    /// <summary>What the codec wrote: its side information and its entropy-coded payload.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Bytes of the whole file.</summary>
    public int FileLength { get; }

    /// <summary>Bits per pixel, the whole file counted.</summary>
    public double BitsPerPixel => Metrics.BitsPerPixel(FileLength, Width, Height);

    /// <summary>Whether a file starts as this format does.</summary>
    public static bool IsIcd(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == Magic0 && (file[1] & 0xF0) == Magic1;

    /// <summary>Whether bytes are a whole file of a version that this library reads, by their checksum.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> file) =>
        file.Length >= MinLength && IsIcd(file) && IsKnown(file[1] & 0x0F) && StoredChecksum(file) == Crc24.Compute(file[..^Crc24.Length]);

    /// <summary>
    /// Reads the container of a file that may lack its end. The checksum, which is the end, is not looked at: the body is all that follows the sizes.
    /// </summary>
    /// <param name="prefix">A file's first bytes.</param>
    /// <exception cref="InvalidFileException">The sizes are damaged or missing; or the file is of a later version or no such file at all.</exception>
    internal static IcdFile ReadPrefix(ReadOnlyMemory<byte> prefix)
    {
        CheckVersion(prefix.Span);
        return ReadFields(prefix, prefix.Length);
    }

    /// <summary>Reads the container. The body is not copied.</summary>
    /// <param name="file">A whole file.</param>
    /// <exception cref="InvalidFileException">It is damaged, cut short, of a later version or no such file at all.</exception>
    public static IcdFile Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        CheckVersion(bytes);
        int end = bytes.Length - Crc24.Length;
        int stored = StoredChecksum(bytes);
        int computed = Crc24.Compute(bytes[..end]);
        if (stored != computed)
        {
            throw new InvalidFileException(
                Format, $"the checksum is {stored:X6}, but the bytes before it give {computed:X6}; the file is damaged or cut short.", end);
        }

        return ReadFields(file, end);
    }

    /// <summary>Puts a container together.</summary>
    /// <param name="fingerprint">Which codec made the body.</param>
    /// <param name="width">The picture's width, at least 1.</param>
    /// <param name="height">The picture's height, at least 1.</param>
    /// <param name="body">What the codec wrote.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or there are more than <see cref="RgbImage.MaxPixelCount"/> pixels.</exception>
    public static byte[] Encode(CodecFingerprint fingerprint, int width, int height, ReadOnlySpan<byte> body) => Encode(fingerprint, width, height, [], body);

    /// <summary>Puts a container together; without boxes it is of the first version, which every reader knows.</summary>
    internal static byte[] Encode(CodecFingerprint fingerprint, int width, int height, IReadOnlyList<IcdBox> boxes, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (IsTooLarge(width, height))
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"A picture of {width}×{height} has more than the {RgbImage.MaxPixelCount} pixels a picture can have.");
        }

        ArrayBufferWriter<byte> writer = new(body.Length + boxes.Sum(box => box.Length) + 24);
        writer.Write<byte>([Magic0, (byte)(Magic1 | (boxes.Count == 0 ? FirstVersion : CurrentVersion))]);
        fingerprint.Write(writer.GetSpan(CodecFingerprint.Length));
        writer.Advance(CodecFingerprint.Length);
        VariableLength.Write(writer, width - 1);
        VariableLength.Write(writer, height - 1);
        if (boxes.Count > 0)
        {
            IcdBox.Write(boxes, writer);
        }

        writer.Write(body);
        int crc = Crc24.Compute(writer.WrittenSpan);
        writer.Write<byte>([(byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
        return writer.WrittenSpan.ToArray();
    }

    private static int StoredChecksum(ReadOnlySpan<byte> file) => (file[^3] << 16) | (file[^2] << 8) | file[^1];

    private static bool IsKnown(int version) => version is FirstVersion or CurrentVersion;

    private static void CheckVersion(ReadOnlySpan<byte> bytes)
    {
        if (!IsIcd(bytes))
        {
            throw new InvalidFileException(
                Format, bytes.IsEmpty ? "the file is empty." : "the file does not start with the bytes 1C D1; it is not an .icd file.", 0);
        }

        int version = bytes[1] & 0x0F;
        if (!IsKnown(version))
        {
            throw new InvalidFileException(Format, $"the file has version {version}, but this library reads the versions {FirstVersion} and {CurrentVersion}.", 1);
        }

        if (bytes.Length < MinLength)
        {
            throw new InvalidFileException(Format, $"the file has {bytes.Length} bytes, fewer than the {MinLength} of the shortest one; it was cut short.", bytes.Length);
        }
    }

    /// <summary>Reads what stands between the version and the end of the body.</summary>
    private static IcdFile ReadFields(ReadOnlyMemory<byte> file, int end)
    {
        ReadOnlySpan<byte> bytes = file.Span[..end];
        CodecFingerprint fingerprint = CodecFingerprint.Read(bytes[2..]);
        int position = 2 + CodecFingerprint.Length;
        int width = ReadSide(bytes, ref position);
        int height = ReadSide(bytes, ref position);
        if (IsTooLarge(width, height))
        {
            throw new InvalidFileException(
                Format, $"the picture is declared as {width}×{height}, more than the {RgbImage.MaxPixelCount} pixels a picture can have.", position);
        }

        int version = bytes[1] & 0x0F;
        IReadOnlyList<IcdBox> boxes = version == FirstVersion ? [] : IcdBox.Read(file, end, ref position);
        return new IcdFile(version, fingerprint, width, height, boxes, file[position..end], file.Length);
    }

    private static bool IsTooLarge(int width, int height) => (long)width * height > RgbImage.MaxPixelCount;

    /// <summary>A side is written less one.</summary>
    private static int ReadSide(ReadOnlySpan<byte> bytes, ref int position)
    {
        int start = position;
        int rest = VariableLength.Read(bytes, ref position, "a side of the picture");
        return rest < int.MaxValue ? rest + 1 : throw new InvalidFileException(Format, "a side of the picture is more than 31 bits hold.", start);
    }
}
