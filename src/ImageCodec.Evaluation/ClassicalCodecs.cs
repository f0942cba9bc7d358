using System.Diagnostics.CodeAnalysis;

namespace ImageCodec.Evaluation;

/// <summary>The classical codecs that can be measured, each by its own command-line encoder and decoder.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static class ClassicalCodecs
{
    private static readonly ClassicalFormat[] Formats =
    [
        new()
        {
            Name = "jpeg",
            Encoder = "cjpeg",
            Decoder = "djpeg",
            Package = "libjpeg-turbo-progs",
            VersionArgument = "-version",
            Extension = ".jpg",

            // Without -baseline, qualities below 24 write quantisation tables of 16 bits: 128 bytes more, and no better pictures.
            EncoderArguments = "-optimize -baseline -quality {0} -outfile {2} {1}",
            DecoderArguments = "-outfile {1} {0}",
            SettingName = "quality",
            Settings = [2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 95],
        },
        new()
        {
            Name = "webp",
            Encoder = "cwebp",
            Decoder = "dwebp",
            Package = "webp",
            VersionArgument = "-version",
            Extension = ".webp",
            EncoderArguments = "-quiet -m 6 -q {0} {1} -o {2}",
            DecoderArguments = "-quiet -ppm {0} -o {1}",
            SettingName = "quality",
            Settings = [0, 1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 95],
            Step = 0.25,
            MaxSide = 16_383,
        },
        new()
        {
            Name = "avif",
            Encoder = "avifenc",
            Decoder = "avifdec",
            Package = "libavif-bin",
            VersionArgument = "--version",
            Extension = ".avif",
            InputFormat = ImageFileFormat.Png,
            DecodedExtension = ".png",
            EncoderArguments = "-s 4 -y 444 --min {0} --max {0} {1} {2}",
            DecoderArguments = "{0} {1}",
            SettingName = "quantizer",
            Settings = [63, 60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 15, 10],
        },
        new()
        {
            Name = "jxl",
            Encoder = "cjxl",
            Decoder = "djxl",
            Package = "libjxl-tools",
            VersionArgument = "--version",
            Extension = ".jxl",
            EncoderArguments = "--quiet -e 7 -q {0} {1} {2}",
            DecoderArguments = "--quiet {0} {1}",
            SettingName = "quality",

            // Below 5 the encoder refuses: the distance would be above 25.
            Settings = [5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 95],
            Step = 0.25,
        },
        new()
        {
            Name = "jp2",
            Encoder = "opj_compress",
            Decoder = "opj_decompress",
            Package = "libopenjp2-tools",
            VersionArgument = "-h",

            // The bare codestream decodes by itself, and is 85 bytes shorter than the same in the boxes of a .jp2 file.
            Extension = ".j2k",
            EncoderArguments = "-i {1} -o {2} -q {0}",
            DecoderArguments = "-i {0} -o {1}",
            SettingName = "psnr",
            Settings = [20, 21, 22, 23, 24, 25, 26, 28, 30, 32, 34, 36, 38, 40],
            Step = 0.125,
        },
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Formats.Select(format => format.Name)];

    /// <summary>Looks for a codec's commands on this machine.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="codec">The codec; null where false is returned.</param>
    /// <param name="problem">
    /// Where false is returned: which command is not installed, and the Debian package that has it; or that there is no codec of that name.
    /// </param>
    /// <returns>Whether the codec can be measured here.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out EvaluatedCodec? codec, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Formats.FirstOrDefault(format => format.Name == name) is { } format)
        {
            return TryFind(format, out codec, out problem);
        }

        codec = null;
        problem = $"there is no classical codec '{name}'; there are {string.Join(", ", Names)}.";
        return false;
    }

    internal static bool TryFind(ClassicalFormat format, [NotNullWhen(true)] out EvaluatedCodec? codec, [NotNullWhen(false)] out string? problem)
    {
        string? encoder = ExternalCommand.Find(format.Encoder);
        string? decoder = ExternalCommand.Find(format.Decoder);
        if (encoder is null || decoder is null)
        {
            codec = null;
            problem = $"the command '{(encoder is null ? format.Encoder : format.Decoder)}' is not installed; the Debian package {format.Package} has it.";
            return false;
        }

        codec = new ClassicalCodec(format, encoder, decoder);
        problem = null;
        return true;
    }
}
