using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageCodec.Cli.Tests.Format;

/// <summary>A safetensors file, read and written as docs/format.md describes it, with nothing of the library's.</summary>
internal sealed class SafetensorsFile
{
    private const string MetadataName = "__metadata__";
    private const string ScaleSuffix = ".row_scale";

    private readonly List<(string Name, string Type, int[] Shape, byte[] Data)> _tensors = [];

    private SafetensorsFile(Dictionary<string, string> metadata) => Metadata = metadata;

    public Dictionary<string, string> Metadata { get; }

    /// <summary>The names of the weights; scales belong to theirs.</summary>
    public IEnumerable<string> Names => _tensors.Select(tensor => tensor.Name).Where(name => !name.EndsWith(ScaleSuffix, StringComparison.Ordinal));

    public static SafetensorsFile Read(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, length));
        SafetensorsFile result = new(header.RootElement.GetProperty(MetadataName).Deserialize<Dictionary<string, string>>()!);
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != MetadataName))
        {
            int[] offsets = entry.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
            byte[] data = file[(8 + length + offsets[0])..(8 + length + offsets[1])];
            result._tensors.Add((entry.Name, entry.Value.GetProperty("dtype").GetString()!, entry.Value.GetProperty("shape").Deserialize<int[]>()!, data));
        }

        return result;
    }

    public void Remove(string name) => Assert.That(_tensors.RemoveAll(tensor => tensor.Name == name), Is.EqualTo(1), name);

    /// <summary>A weight's values as 32-bit floats.</summary>
    public float[] Values(string name)
    {
        (_, string type, int[] shape, byte[] data) = _tensors.Single(tensor => tensor.Name == name);
        switch (type)
        {
            case "F32":
                return [.. Enumerable.Range(0, data.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(data.AsSpan(4 * i)))];
            case "F16":
                return [.. Enumerable.Range(0, data.Length / 2).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(data.AsSpan(2 * i)))];
            case "I8":
                float[] scales = Values(name + ScaleSuffix);
                int row = data.Length / shape[0];
                return [.. data.Select((value, i) => (sbyte)value * scales[i / row])];
            default:
                throw new NotSupportedException(type);
        }
    }

    public byte[] ToBytes()
    {
        JsonObject header = new() { [MetadataName] = JsonSerializer.SerializeToNode(Metadata) };
        int end = 0;
        foreach ((string name, string type, int[] shape, byte[] data) in _tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = JsonSerializer.SerializeToNode(shape),
                ["data_offsets"] = new JsonArray(end, end += data.Length),
            };
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. _tensors.SelectMany(tensor => tensor.Data)];
    }
}
