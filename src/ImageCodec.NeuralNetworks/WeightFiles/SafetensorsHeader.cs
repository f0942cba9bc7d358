using System.Text.Json;

namespace ImageCodec.NeuralNetworks;

/// <summary>The header of a safetensors file.</summary>
internal sealed class SafetensorsHeader
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly long _start;

    private SafetensorsHeader(long start) => _start = start;

    /// <summary>The tensors, in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Parses a header and checks each tensor on its own; where tensors lie to each other is the caller's to check.</summary>
    /// <param name="json">The bytes of the header.</param>
    /// <param name="start">The byte of the file where they begin, for messages.</param>
    /// <exception cref="InvalidFileException">The bytes are not such a header.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long start)
    {
        SafetensorsHeader header = new(start);
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw header.Bad("The header is not a JSON object: it must begin with a brace.", 0);
        }

        // The object of all tensors, the object of one, an array in it: nothing nests deeper.
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 3 });
        try
        {
            header.Parse(ref reader);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // Texts that are not valid UTF-8 are InvalidOperationExceptions, everything else about the syntax is a JsonException.
            throw new InvalidFileException(
                Safetensors.Format, "The header is not valid JSON of the expected depth: " + cause.Message, start + reader.BytesConsumed, cause);
        }

        return header;
    }

    private void Parse(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (ReadName(ref reader) is { } name)
        {
            long offset = reader.TokenStartIndex;
            if (!_names.Add(name))
            {
                throw Bad($"The header has {FoundText.Quote(name)} twice.", offset);
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Bad($"The header's {FoundText.Quote(name)} is {Describe(reader.TokenType)}, but an object is expected.", reader.TokenStartIndex);
            }

            if (name == Safetensors.MetadataName)
            {
                ParseMetadata(ref reader);
            }
            else
            {
                Entries.Add(ParseEntry(ref reader, name, offset));
            }
        }

        // Nothing but white space may follow; anything else is an exception of the reader.
        reader.Read();
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        while (ReadName(ref reader) is { } key)
        {
            long offset = reader.TokenStartIndex;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Bad($"The metadata {FoundText.Quote(key)} is {Describe(reader.TokenType)}, but a text is expected.", reader.TokenStartIndex);
            }

            if (!Metadata.TryAdd(key, reader.GetString()!))
            {
                throw Bad($"The metadata has {FoundText.Quote(key)} twice.", offset);
            }
        }
    }

    private SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name, long offset)
    {
        ElementType? type = null;
        List<long>? shape = null;
        List<long>? places = null;
        while (ReadName(ref reader) is { } key)
        {
            long keyOffset = reader.TokenStartIndex;
            bool isNew = key switch
            {
                "dtype" => type is null,
                "shape" => shape is null,
                "data_offsets" => places is null,
                _ => throw Bad(
                    $"The tensor {FoundText.Quote(name)} has {FoundText.Quote(key)}, but only dtype, shape and data_offsets are expected.", keyOffset),
            };
            if (!isNew)
            {
                throw Bad($"The tensor {FoundText.Quote(name)} has {FoundText.Quote(key)} twice.", keyOffset);
            }

            switch (key)
            {
                case "dtype":
                    type = ReadType(ref reader, name);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, key, WeightShape.MaxRank, int.MaxValue);
                    break;
                default:
                    places = ReadNumbers(ref reader, name, key, 2, long.MaxValue);
                    break;
            }
        }

        if (type is null || shape is null || places is not { Count: 2 })
        {
            throw Bad($"The tensor {FoundText.Quote(name)} must have dtype, shape and two data_offsets.", offset);
        }

        return MakeEntry(name, offset, type.Value, [.. shape.Select(side => (int)side)], places[0], places[1]);
    }

    private SafetensorsEntry MakeEntry(string name, long offset, ElementType type, int[] shape, long begin, long end)
    {
        // Both places are at least 0, so that their difference can't overflow; a count fits 31 bits and a size 4.
        if (!WeightShape.TryCount(shape, out int count) || end - begin != (long)count * ElementTypes.GetSize(type))
        {
            throw Bad(
                $"The tensor {FoundText.Quote(name)} takes the bytes {begin} to {end}, which is not what its shape {WeightShape.Describe(shape)} " +
                $"at {ElementTypes.GetSize(type)} bytes a value takes.",
                offset);
        }

        return new SafetensorsEntry(name, _start + offset, type, shape, count, begin, end);
    }

    private ElementType ReadType(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            throw Bad($"The dtype of {FoundText.Quote(name)} is {Describe(reader.TokenType)}, but a text is expected.", reader.TokenStartIndex);
        }

        string type = reader.GetString()!;
        return type switch
        {
            "F32" => ElementType.Float32,
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            "F64" => ElementType.Float64,
            "I8" => ElementType.Signed8,
            "BOOL" or "U8" => ElementType.Integer8,
            "I16" or "U16" => ElementType.Integer16,
            "I32" or "U32" => ElementType.Integer32,
            "I64" or "U64" => ElementType.Integer64,
            _ => throw Bad(
                $"The dtype of {FoundText.Quote(name)} is {FoundText.Quote(type)}; F32, F16, BF16, F64, I8 with row scales and, to be " +
                "left out, BOOL and the other integers of 8 to 64 bits are supported.",
                reader.TokenStartIndex),
        };
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key, int maxCount, long maxValue)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Bad($"The {key} of {FoundText.Quote(name)} is {Describe(reader.TokenType)}, but an array is expected.", reader.TokenStartIndex);
        }

        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0 || number > maxValue)
            {
                throw Bad($"The {key} of {FoundText.Quote(name)} may hold nothing but whole numbers from 0 to {maxValue}.", reader.TokenStartIndex);
            }

            if (numbers.Count == maxCount)
            {
                throw Bad($"The {key} of {FoundText.Quote(name)} has more than {maxCount} numbers.", reader.TokenStartIndex);
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>The next property's name, or null at the object's end.</summary>
    private static string? ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        _ => "a null or a truth value",
    };

    private InvalidFileException Bad(string problem, long offset) => new(Safetensors.Format, problem, _start + offset);
}
