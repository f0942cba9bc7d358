using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Changes what lies inside the library's other file formats, and mends the checksums and lengths around it.</summary>
internal static class ContainerMutators
{
    private const int IcdHeadLength = 5;

    /// <summary>Sizes and bodies of <c>.icd</c> files, under a right checksum; magic and fingerprint mostly stay.</summary>
    public static byte[] Icd(byte[] input, byte[] other, Mutator mutator)
    {
        ReadOnlySpan<byte> content = input.AsSpan(0, Math.Max(0, input.Length - Crc24.Length));
        int kept = mutator.Chance(90) ? Math.Min(IcdHeadLength, content.Length) : 0;
        ReadOnlySpan<byte> rest = content[kept..];
        byte[] changed = mutator.Chance(25)
            ? [.. Side(mutator), .. Side(mutator), .. rest[Math.Min(2, rest.Length)..]]
            : mutator.Mutate(rest, other.AsSpan(Math.Min(IcdHeadLength, other.Length)));
        byte[] file = [.. content[..kept], .. changed];
        int crc = Crc24.Compute(file);
        return [.. file, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    /// <summary>The header and the data of safetensors files, under a right header length.</summary>
    public static byte[] Safetensors(byte[] input, byte[] other, Mutator mutator)
    {
        (byte[] header, byte[] data) = Split(input);
        (byte[] otherHeader, byte[] otherData) = Split(other);
        switch (mutator.Next(4))
        {
            case 0:
                header = mutator.Mutate(header, otherHeader);
                break;
            case 1 or 2:
                header = mutator.MutateText(header);
                break;
            default:
                data = mutator.Mutate(data, otherData);
                break;
        }

        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>The entries of zip checkpoints, packed anew with right checksums.</summary>
    public static byte[] Checkpoint(byte[] input, byte[] other, Mutator mutator)
    {
        List<(string Name, byte[] Bytes)> entries = Unpack(input);
        List<(string Name, byte[] Bytes)> others = Unpack(other);
        mutator.MutateParts(entries, others, entry =>
        {
            byte[] source = others.Find(candidate => candidate.Name == entry.Name).Bytes ?? [];
            return mutator.Chance(5)
                ? (System.Text.Encoding.Latin1.GetString(mutator.Mutate(System.Text.Encoding.Latin1.GetBytes(entry.Name), [])), entry.Bytes)
                : (entry.Name, mutator.Mutate(entry.Bytes, source));
        });
        using MemoryStream file = new();
        using (ZipArchive zip = new(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            CompressionLevel level = mutator.Chance(80) ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
            foreach ((string name, byte[] bytes) in entries.Where(entry => entry.Name.Length > 0))
            {
                using Stream stream = zip.CreateEntry(name, level).Open();
                stream.Write(bytes);
            }
        }

        return file.ToArray();
    }

    /// <summary>Picture files of any kind; parts are taken from others of the same kind.</summary>
    public static byte[] Picture(byte[] input, byte[] other, Mutator mutator)
    {
        byte kind = input.Length > 0 ? input[0] : default;
        byte[] source = other.Length > 0 && other[0] == kind ? other : input;
        return kind switch
        {
            0x89 => PngMutator.Mutate(input, source, mutator),
            0xFF => JpegMutator.Mutate(input, source, mutator),
            _ => Pnm(input, source, mutator),
        };
    }

    /// <summary>The numbers in the header of a PNM file.</summary>
    public static byte[] Pnm(byte[] input, byte[] other, Mutator mutator)
    {
        int header = Math.Min(24, input.Length);
        return [.. mutator.MutateText(input.AsSpan(0, header)), .. input.AsSpan(header)];
    }

    /// <summary>Frequencies that go from one value to another, so that their sum stays.</summary>
    public static byte[] Tables(byte[] input, byte[] other, Mutator mutator)
    {
        const int FirstFrequency = 6;
        byte[] file = [.. input];
        int count = (file.Length - FirstFrequency) / 2;
        for (int moves = 1 + mutator.Next(4); moves > 0 && count > 0; moves--)
        {
            Span<byte> from = file.AsSpan(FirstFrequency + (2 * mutator.Next(count)));
            Span<byte> to = file.AsSpan(FirstFrequency + (2 * mutator.Next(count)));
            ushort available = BinaryPrimitives.ReadUInt16LittleEndian(from);
            int moved = mutator.Chance(30) ? available : mutator.Next(available + 1);
            BinaryPrimitives.WriteUInt16LittleEndian(from, (ushort)(available - moved));
            BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(to) + moved));
        }

        return file;
    }

    private static (byte[] Header, byte[] Data) Split(byte[] file)
    {
        long length = file.Length < 8 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(file);
        int end = length >= 0 && length <= file.Length - 8 ? 8 + (int)length : file.Length;
        return (file[Math.Min(8, file.Length)..end], file[end..]);
    }

    private static List<(string Name, byte[] Bytes)> Unpack(byte[] file)
    {
        List<(string Name, byte[] Bytes)> entries = [];
        try
        {
            using ZipArchive zip = new(new MemoryStream(file), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                byte[] bytes = new byte[Math.Min(entry.Length, Mutator.MaxLength)];
                using Stream stream = entry.Open();
                stream.ReadExactly(bytes);
                entries.Add((entry.FullName, bytes));
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or IOException)
        {
            // An input that was damaged before; what could be read goes on.
        }

        return entries;
    }

    /// <summary>A side of a picture less one, seven bits a byte, lowest first; not always in its shortest form.</summary>
    private static byte[] Side(Mutator mutator)
    {
        ulong value = (ulong)mutator.Number();
        List<byte> bytes = [];
        for (; value >= 0x80 && bytes.Count < 9; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)(value & 0x7F));
        return [.. bytes];
    }
}
