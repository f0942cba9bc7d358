using System.Text.Json.Serialization;

namespace ImageCodec.Cli;

/// <summary>What <c>inspect --json</c> prints.</summary>
internal sealed record InspectReport(string File, int Version, string Codec, string? Model, int Width, int Height, int Bytes, double Bpp, BoxReport[] Boxes)
{
    /// <summary>What only files of the model «fitted» have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FittedReport? Fitted { get; init; }
}

/// <summary>What <c>inspect --json</c> prints of a box.</summary>
internal sealed record BoxReport(string Name, int Bytes);

/// <summary>What <c>inspect --json</c> adds for a file of the model «fitted».</summary>
internal sealed record FittedReport(int Level, string Decoder, int Parameters, double DecoderKmacPerPixel, ScaleReport[] Scales);

/// <summary>One of its scales.</summary>
internal sealed record ScaleReport(int Scale, int Width, int Height, int Bytes);

/// <summary>What <c>inspect --json</c> prints of a picture file.</summary>
internal sealed record PictureReport(string File, string Format, int Width, int Height, int Bytes);

/// <summary>One entry of what <c>models --json</c> prints.</summary>
internal sealed record ModelReport(
    string Name,
    bool IsDefault,
    string Codec,
    string Architecture,
    int Parameters,
    double? EncoderKmacPerPixel,
    double DecoderKmacPerPixel,
    int LevelCount,
    int DefaultLevel,
    IReadOnlyDictionary<string, string> Card);

/// <summary>The JSON that commands print; the names are part of the interface and stay.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(PictureReport))]
[JsonSerializable(typeof(ModelReport[]))]
internal sealed partial class JsonReports : JsonSerializerContext;
