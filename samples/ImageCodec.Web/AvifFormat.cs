using System.Diagnostics;
using System.Globalization;

namespace ImageCodec.Web;

/// <summary>AVIF by the commands of libavif, where they are installed. Skia writes none.</summary>
internal sealed class AvifFormat : IOtherFormat
{
    private const string Encoder = "avifenc";
    private const string Decoder = "avifdec";

    /// <summary>The quantizer of the smallest files.</summary>
    private const int MaxQuantizer = 63;

    public static bool IsInstalled { get; } = IsOnPath(Encoder) && IsOnPath(Decoder);

    public string Name => "AVIF";

    public string Extension => ".avif";

    public int MaxSide => 65_535;

    public (int Low, int High) Qualities => (0, MaxQuantizer);

    public byte[] Encode(RgbImage image, int quality, CancellationToken stop)
    {
        string quantizer = (MaxQuantizer - quality).ToString(CultureInfo.InvariantCulture);
        return InFolder(folder =>
        {
            (string source, string target) = (Path.Combine(folder, "source.png"), Path.Combine(folder, "target.avif"));
            ImageFile.Write(source, image, stop);
            Run(Encoder, ["-s", "6", "-y", "444", "--min", quantizer, "--max", quantizer, source, target], stop);
            return File.ReadAllBytes(target);
        });
    }

    public RgbImage Decode(byte[] file, CancellationToken stop) => InFolder(folder =>
    {
        (string source, string target) = (Path.Combine(folder, "source.avif"), Path.Combine(folder, "target.png"));
        File.WriteAllBytes(source, file);
        Run(Decoder, [source, target], stop);
        return ImageFile.Read(target, cancellationToken: stop);
    });

    private static T InFolder<T>(Func<string, T> work)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("imagecodec-avif-");
        try
        {
            return work(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string command, string[] arguments, CancellationToken stop)
    {
        ProcessStartInfo start = new(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration kill = stop.Register(process.Kill);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} failed: {error.Result.Trim()}");
        }
    }

    private static bool IsOnPath(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? command + ".exe" : command)));
}
