namespace ImageCodec.Evaluation;

/// <summary>How the commands of a classical codec are called.</summary>
internal sealed record ClassicalFormat
{
    /// <summary>The short name that users give.</summary>
    public required string Name { get; init; }

    /// <summary>The encoder's command.</summary>
    public required string Encoder { get; init; }

    /// <summary>The decoder's command.</summary>
    public required string Decoder { get; init; }

    /// <summary>The Debian package that has both.</summary>
    public required string Package { get; init; }

    /// <summary>What makes the encoder say its version.</summary>
    public required string VersionArgument { get; init; }

    /// <summary>The ending of its files.</summary>
    public required string Extension { get; init; }

    /// <summary>What the encoder reads.</summary>
    public ImageFileFormat InputFormat { get; init; } = ImageFileFormat.Ppm;

    /// <summary>The ending of what the decoder writes.</summary>
    public string DecodedExtension { get; init; } = ".ppm";

    /// <summary>The encoder's arguments, with {0} for the setting, {1} for the input and {2} for the output; separated by blanks.</summary>
    public required string EncoderArguments { get; init; }

    /// <summary>The decoder's arguments, with {0} for the input and {1} for the output.</summary>
    public required string DecoderArguments { get; init; }

    /// <summary>What the setting is.</summary>
    public required string SettingName { get; init; }

    /// <summary>The settings of the curve, from the smallest files to the largest.</summary>
    public required double[] Settings { get; init; }

    /// <summary>The finest step between two settings that is tried when a file size is sought.</summary>
    public double Step { get; init; } = 1;

    /// <summary>The longest side that the format or its encoder takes.</summary>
    public int MaxSide { get; init; } = 65_500;
}
