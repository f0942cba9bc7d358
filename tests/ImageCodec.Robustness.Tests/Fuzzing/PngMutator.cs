using System.Buffers.Binary;
using System.IO.Compression;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Changes PNG files chunk by chunk, with right lengths and CRCs, and the rows inside their zlib streams.</summary>
internal static class PngMutator
{
    private const int SignatureLength = 8;
    private const int HeaderLength = 13;

    public static byte[] Mutate(byte[] input, byte[] other, Mutator mutator)
    {
        List<Chunk> chunks = Parse(input);
        List<Chunk> others = Parse(other);
        mutator.MutateParts(chunks, others, chunk => Mutate(chunk, others, mutator));
        return Write(input.AsSpan(0, Math.Min(SignatureLength, input.Length)), chunks);
    }

    private static Chunk Mutate(Chunk chunk, List<Chunk> others, Mutator mutator)
    {
        if (chunk.Type == "IHDR" && chunk.Data.Length == HeaderLength && mutator.Chance(80))
        {
            return chunk with { Data = MutateHeader([.. chunk.Data], mutator) };
        }

        if (chunk.Type == "IDAT" && mutator.Chance(70))
        {
            return chunk with { Data = MutateRows(chunk.Data, mutator) };
        }

        Chunk? source = others.Find(candidate => candidate.Type == chunk.Type);
        byte[] data = mutator.Mutate(chunk.Data, source?.Data ?? []);
        return mutator.Chance(10) ? new Chunk(others.Count > 0 ? others[mutator.Next(others.Count)].Type : chunk.Type, data) : chunk with { Data = data };
    }

    private static byte[] MutateHeader(byte[] header, Mutator mutator)
    {
        switch (mutator.Next(3))
        {
            case 0:
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * mutator.Next(2)), (int)mutator.Number());
                break;
            case 1:
                ReadOnlySpan<byte> depths = [1, 2, 4, 8, 16];
                ReadOnlySpan<byte> colors = [0, 2, 3, 4, 6];
                header[8] = depths[mutator.Next(depths.Length)];
                header[9] = colors[mutator.Next(colors.Length)];
                header[12] = (byte)mutator.Next(2);
                break;
            default:
                header[8 + mutator.Next(5)] = (byte)mutator.Number();
                break;
        }

        return header;
    }

    private static byte[] MutateRows(byte[] data, Mutator mutator)
    {
        byte[] rows = new byte[Mutator.MaxLength];
        int length = 0;
        try
        {
            using ZLibStream inflater = new(new MemoryStream(data), CompressionMode.Decompress);
            length = inflater.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // Earlier damage; whatever came before it goes on.
        }

        using MemoryStream deflated = new();
        using (ZLibStream deflater = new(deflated, mutator.Chance(50) ? CompressionLevel.NoCompression : CompressionLevel.Fastest, leaveOpen: true))
        {
            deflater.Write(mutator.Mutate(rows.AsSpan(0, length), []));
        }

        return deflated.ToArray();
    }

    /// <summary>As many chunks as make sense, whatever their CRCs.</summary>
    private static List<Chunk> Parse(byte[] file)
    {
        List<Chunk> chunks = [];
        for (int at = SignatureLength; file.Length - at >= 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                break;
            }

            chunks.Add(new Chunk(System.Text.Encoding.Latin1.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + (int)length)]));
            at += 12 + (int)length;
        }

        return chunks;
    }

    private static byte[] Write(ReadOnlySpan<byte> signature, List<Chunk> chunks)
    {
        List<byte> file = [.. signature];
        foreach (Chunk chunk in chunks)
        {
            byte[] typeAndData = [.. System.Text.Encoding.Latin1.GetBytes(chunk.Type), .. chunk.Data];
            Put(file, (uint)chunk.Data.Length);
            file.AddRange(typeAndData);
            Put(file, ZipChecksum.Compute(typeAndData));
        }

        return [.. file];
    }

    private static void Put(List<byte> file, uint number) => file.AddRange([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private sealed record Chunk(string Type, byte[] Data);
}
