using System.Runtime.Versioning;

namespace ImageCodec.Evaluation.Tests;

/// <summary>Shell scripts in place of encoders and decoders.</summary>
[UnsupportedOSPlatform("windows")]
internal static class Script
{
    public const string Platforms = "Linux,MacOsX";

    /// <summary>Makes a script that can be run.</summary>
    public static string Create(TemporaryFolder folder, string name, string text)
    {
        string path = folder.File(name);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>A codec of two scripts, which get setting, input and output; and input and output. It has the settings 1, 2, 3.</summary>
    public static ClassicalCodec CreateCodec(TemporaryFolder folder, string encoder, string decoder, string name = "fake", TimeSpan? timeout = null) => new(
        new ClassicalFormat
        {
            Name = name,
            Encoder = "fake-enc",
            Decoder = "fake-dec",
            Package = "fake-tools",
            VersionArgument = "--version",
            Extension = ".fake",
            EncoderArguments = "{0} {1} {2}",
            DecoderArguments = "{0} {1}",
            SettingName = "quality",
            Settings = [1, 2, 3],
        },
        Create(folder, name + "-enc", encoder),
        Create(folder, name + "-dec", decoder),
        timeout);
}
