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
    /// or a finite value is too large for the precision.
    /// </exception>
    public static void Write(IBufferWriter<byte> destination, WeightsFile weights, WeightPrecision precision = WeightPrecision.Single)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(weights);
        if (precision is not (WeightPrecision.Single or WeightPrecision.Half))
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision of weights.");
        }

        ReadOnlySpan<byte> header = MakeHeader(weights, precision);
        if (precision == WeightPrecision.Half)
        {
            CheckHalfRange(weights);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(destination.GetSpan(LengthBytes), (ulong)header.Length);
        destination.Advance(LengthBytes);
        destination.Write(header);
        foreach (NamedTensor tensor in weights.Tensors)
        {
            WriteValues(destination, tensor.Values, precision);
        }
    }

    /// <summary>Makes a safetensors file in memory; arguments and errors as for <see cref="Write"/>.</summary>
    public static byte[] ToBytes(WeightsFile weights, WeightPrecision precision = WeightPrecision.Single)
    {
        ArrayBufferWriter<byte> buffer = new();
        Write(buffer, weights, precision);
        return buffer.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> MakeHeader(WeightsFile weights, WeightPrecision precision)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, weights);
            long begin = 0;
            foreach (NamedTensor tensor in weights.Tensors)
            {
                long end = begin + ((long)tensor.Values.Length * GetSize(precision));
                WriteEntry(json, tensor, precision, begin, end);
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

    private static void WriteEntry(Utf8JsonWriter json, NamedTensor tensor, WeightPrecision precision, long begin, long end)
    {
        if (tensor.Name == MetadataName)
        {
            throw new ArgumentException($"A tensor can't have the name {MetadataName}, which the format keeps for the metadata.", nameof(tensor));
        }

        json.WriteStartObject(CheckText(tensor.Name));
        json.WriteString("dtype", precision == WeightPrecision.Half ? "F16" : "F32");
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

    private static void WriteValues(IBufferWriter<byte> destination, ReadOnlySpan<float> values, WeightPrecision precision)
    {
        const int chunk = 4096;
        int size = GetSize(precision);
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> part = values[..Math.Min(chunk, values.Length)];
            Span<byte> span = destination.GetSpan(part.Length * size);
            for (int i = 0; i < part.Length; i++)
            {
                if (precision == WeightPrecision.Half)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(span[(2 * i)..], (Half)part[i]);
                }
                else
                {
                    BinaryPrimitives.WriteSingleLittleEndian(span[(4 * i)..], part[i]);
                }
            }

            destination.Advance(part.Length * size);
            values = values[part.Length..];
        }
    }

    private static int GetSize(WeightPrecision precision) => precision == WeightPrecision.Half ? 2 : 4;
}
