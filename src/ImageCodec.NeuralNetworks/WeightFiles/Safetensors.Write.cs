using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ImageCodec.NeuralNetworks;

internal static partial class Safetensors
{
    private const int Alignment = 8;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a safetensors file: the same bytes for the same contents, tensors in their order, metadata by name.</summary>
    /// <param name="destination">Receives the file; nothing is written to it if an argument does not fit.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="precision">How exactly.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is not one.</exception>
    /// <exception cref="ArgumentException">
    /// A tensor is named <c>__metadata__</c>, a text is not valid UTF-16, the header would be longer than <see cref="MaxHeaderLength"/>,
    /// a value is too large for the precision, or two tensors would have one name, because one is named like another's scales.
    /// </exception>
    public static void Write(IBufferWriter<byte> destination, WeightsFile weights, WeightPrecision precision = WeightPrecision.Single)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(weights);
        if (!Enum.IsDefined(precision))
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision of weights.");
        }

        if (precision == WeightPrecision.Half)
        {
            CheckHalfRange(weights);
        }

        (NamedTensor Tensor, ElementType Type)[] parts = [.. weights.Tensors.SelectMany(tensor => Prepare(tensor, precision))];
        ReadOnlySpan<byte> header = MakeHeader(weights, parts);
        BinaryPrimitives.WriteUInt64LittleEndian(destination.GetSpan(LengthBytes), (ulong)header.Length);
        destination.Advance(LengthBytes);
        destination.Write(header);
        foreach ((NamedTensor tensor, ElementType type) in parts)
        {
            WriteValues(destination, tensor.Values, type);
        }
    }

    /// <summary>Makes a safetensors file in memory; arguments and errors as for <see cref="Write"/>.</summary>
    public static byte[] ToBytes(WeightsFile weights, WeightPrecision precision = WeightPrecision.Single)
    {
        ArrayBufferWriter<byte> buffer = new();
        Write(buffer, weights, precision);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What the file will have of a tensor: the tensor itself, or its rows' scales and its bytes, as numbers still.</summary>
    private static (NamedTensor Tensor, ElementType Type)[] Prepare(NamedTensor tensor, WeightPrecision precision) => precision switch
    {
        WeightPrecision.Half => [(tensor, ElementType.Float16)],
        WeightPrecision.Byte when tensor.Shape.Length > 1 => RowScales.Split(tensor),
        _ => [(tensor, ElementType.Float32)],
    };

    private static ReadOnlySpan<byte> MakeHeader(WeightsFile weights, (NamedTensor Tensor, ElementType Type)[] parts)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, weights);
            long begin = 0;
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach ((NamedTensor tensor, ElementType type) in parts)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"Two tensors would have the name {FoundText.Quote(tensor.Name)}.", nameof(weights));
                }

                long end = begin + ((long)tensor.Values.Length * ElementTypes.GetSize(type));
                WriteEntry(json, tensor, type, begin, end);
                begin = end;
            }

            json.WriteEndObject();
        }

        // The format asks for spaces that make the data begin at a multiple of 8 bytes.
        while (buffer.WrittenCount % Alignment != 0)
        {
            buffer.Write(" "u8);
        }

        if (buffer.WrittenCount > MaxHeaderLength)
        {
            throw new ArgumentException(
                $"The names of {weights.Tensors.Count} tensors and the metadata make a header of {buffer.WrittenCount} bytes; " +
                $"the limit is {MaxHeaderLength}.",
                nameof(weights));
        }

        return buffer.WrittenSpan;
    }

    private static void WriteMetadata(Utf8JsonWriter json, WeightsFile weights)
    {
        if (weights.Metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(MetadataName);
        foreach ((string key, string text) in weights.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(CheckText(key), CheckText(text));
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, NamedTensor tensor, ElementType type, long begin, long end)
    {
        if (tensor.Name == MetadataName)
        {
            throw new ArgumentException($"A tensor can't have the name {MetadataName}, which the format keeps for the metadata.", nameof(tensor));
        }

        json.WriteStartObject(CheckText(tensor.Name));
        json.WriteString("dtype", type switch { ElementType.Float16 => "F16", ElementType.Signed8 => "I8", _ => "F32" });
        json.WriteStartArray("shape");
        foreach (int side in tensor.Shape)
        {
            json.WriteNumberValue(side);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Refuses lone surrogates: the JSON writer would replace them, and two names could become one.</summary>
    private static string CheckText(string text)
    {
        try
        {
            StrictUtf8.GetByteCount(text);
            return text;
        }
        catch (EncoderFallbackException cause)
        {
            throw new ArgumentException($"The text {FoundText.Quote(text)} is not valid UTF-16.", nameof(text), cause);
        }
    }

    private static void CheckHalfRange(WeightsFile weights)
    {
        foreach (NamedTensor tensor in weights.Tensors)
        {
            foreach (float value in tensor.Values)
            {
                if (float.IsFinite(value) && Half.IsInfinity((Half)value))
                {
                    throw new ArgumentException(
                        $"The tensor {FoundText.Quote(tensor.Name)} holds {value}, which is too large for half precision.", nameof(weights));
                }
            }
        }
    }

    private static void WriteValues(IBufferWriter<byte> destination, ReadOnlySpan<float> values, ElementType type)
    {
        const int chunk = 4096;
        int size = ElementTypes.GetSize(type);
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> part = values[..Math.Min(chunk, values.Length)];
            Span<byte> span = destination.GetSpan(part.Length * size);
            for (int i = 0; i < part.Length; i++)
            {
                switch (type)
                {
                    case ElementType.Float16:
                        BinaryPrimitives.WriteHalfLittleEndian(span[(2 * i)..], (Half)part[i]);
                        break;
                    case ElementType.Signed8:
                        span[i] = (byte)(sbyte)part[i];
                        break;
                    default:
                        BinaryPrimitives.WriteSingleLittleEndian(span[(4 * i)..], part[i]);
                        break;
                }
            }

            destination.Advance(part.Length * size);
            values = values[part.Length..];
        }
    }
}
