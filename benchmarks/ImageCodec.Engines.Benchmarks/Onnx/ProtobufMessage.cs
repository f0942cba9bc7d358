using System.Text;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>A message in protobuf's wire format, field by field: as much of it as ONNX files need.</summary>
internal sealed class ProtobufMessage
{
    private const int VarintKind = 0;
    private const int BytesKind = 2;

    private readonly List<byte> _bytes = [];

    /// <summary>A field that is a number.</summary>
    public ProtobufMessage Add(int field, long value)
    {
        WriteVarint((ulong)(field << 3 | VarintKind));
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>A field of bytes.</summary>
    public ProtobufMessage Add(int field, ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)(field << 3 | BytesKind));
        WriteVarint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>A text.</summary>
    public ProtobufMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value) => Add(field, value.ToBytes());

    /// <summary>A field that comes several times.</summary>
    public ProtobufMessage AddAll<T>(int field, IEnumerable<T> values, Func<ProtobufMessage, int, T, ProtobufMessage> add) =>
        values.Aggregate(this, (message, value) => add(message, field, value));

    public byte[] ToBytes() => _bytes.ToArray();

    /// <summary>Seven bits a byte, lowest first; the highest bit says that more follow.</summary>
    private void WriteVarint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
