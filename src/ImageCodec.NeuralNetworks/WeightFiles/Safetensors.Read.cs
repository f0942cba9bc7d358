using System.Buffers.Binary;

namespace ImageCodec.NeuralNetworks;

internal static partial class Safetensors
{
    /// <summary>Reads a safetensors file.</summary>
    /// <param name="file">The whole file.</param>
    /// <remarks>
    /// <para>Tensors of types F32, F16, BF16 and F64 become 32-bit floats, in the order of the header, as do those of I8 that have a tensor
    /// of scales (<see cref="RowScales"/>); tensors of other integers and truth values are checked and left out.</para>
    /// <para>Limits: a header of <see cref="MaxHeaderLength"/>, <see cref="WeightShape.MaxRank"/> sides. The memory taken is at most four times
    /// the data's length and some ten times the header's.</para>
    /// </remarks>
    /// <exception cref="InvalidFileException">The bytes are not such a file, or past a limit.</exception>
    public static WeightsFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < LengthBytes)
        {
            throw Bad($"The file ends after {file.Length} bytes, but its first {LengthBytes} are the length of the header.", 0);
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaxHeaderLength)
        {
            throw Bad($"The header's length is given as {headerLength} bytes, more than the limit of {MaxHeaderLength}.", 0);
        }

        if ((int)headerLength > file.Length - LengthBytes)
        {
            throw Bad($"The header's length is given as {headerLength} bytes, but only {file.Length - LengthBytes} follow.", 0);
        }

        SafetensorsHeader header = SafetensorsHeader.Parse(file.Slice(LengthBytes, (int)headerLength), LengthBytes);
        ReadOnlySpan<byte> data = file[(LengthBytes + (int)headerLength)..];
        CheckPlaces(header.Entries, data.Length, LengthBytes + (int)headerLength);
        return new WeightsFile(ReadTensors(header.Entries, data), header.Metadata, Format);
    }

    /// <summary>Reads the texts under <c>__metadata__</c> alone, from a file that is known to be sound.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(Stream file)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        file.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadUInt64LittleEndian(length)];
        file.ReadExactly(header);
        return SafetensorsHeader.Parse(header, LengthBytes).Metadata;
    }

    /// <summary>Every byte of the data belongs to exactly one tensor: no overlaps, no holes, nothing after the last.</summary>
    private static void CheckPlaces(List<SafetensorsEntry> entries, int dataLength, int dataStart)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                throw Bad(
                    $"The data of {FoundText.Quote(entry.Name)} begins at {entry.Begin}, but the data before it ends at {end}; " +
                    "tensors must neither overlap nor leave holes.",
                    entry.HeaderOffset);
            }

            if (entry.End > dataLength)
            {
                throw Bad(
                    $"The data of {FoundText.Quote(entry.Name)} ends at {entry.End}, but the file has only {dataLength} bytes of data.",
                    entry.HeaderOffset);
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw Bad($"The file has {dataLength} bytes of data, but its tensors take only {end}.", dataStart + end);
        }
    }

    private static List<NamedTensor> ReadTensors(List<SafetensorsEntry> entries, ReadOnlySpan<byte> data)
    {
        Dictionary<string, SafetensorsEntry> scales = RowScales.Find(entries);
        HashSet<SafetensorsEntry> consumed = [.. scales.Values];
        List<NamedTensor> tensors = new(entries.Count);
        foreach (SafetensorsEntry entry in entries)
        {
            ReadOnlySpan<byte> source = data[(int)entry.Begin..(int)entry.End];
            if (scales.TryGetValue(entry.Name, out SafetensorsEntry? scale))
            {
                tensors.Add(new NamedTensor(entry.Name, entry.Shape, RowScales.Read(entry, source, scale, data[(int)scale.Begin..(int)scale.End])));
            }
            else if (ElementTypes.IsFloat(entry.Type) && !consumed.Contains(entry))
            {
                tensors.Add(new NamedTensor(entry.Name, entry.Shape, ReadFloats(entry, source)));
            }
        }

        return tensors;
    }

    private static float[] ReadFloats(SafetensorsEntry entry, ReadOnlySpan<byte> source)
    {
        float[] values = new float[entry.Count];
        return ElementTypes.TryWiden(source, entry.Type, bigEndian: false, values)
            ? values
            : throw Bad($"The tensor {FoundText.Quote(entry.Name)} holds a 64-bit value that is too large for 32-bit floats.", entry.HeaderOffset);
    }

    private static InvalidFileException Bad(string problem, long offset) => new(Format, problem, offset);
}
