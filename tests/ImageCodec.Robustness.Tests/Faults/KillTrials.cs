using System.Globalization;
using ImageCodec.NeuralNetworks;
using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Robustness.Tests.Faults;

/// <summary>What came of processes that were killed while they worked.</summary>
/// <param name="Killed">Those that were killed; the others had ended before.</param>
/// <param name="Old">Targets that were as before.</param>
/// <param name="New">Targets that had been replaced, whole.</param>
/// <param name="LeftBehind">Temporary files, which a killed process can't take away.</param>
internal readonly record struct KillReport(int Killed, int Old, int New, int LeftBehind)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Killed} killed, target as before {Old} times and new {New} times, {LeftBehind} temporary files left behind");
}

/// <summary>Kills the command at random moments, and looks at what it was to write.</summary>
internal sealed class KillTrials : IDisposable
{
    private const string TemporaryFiles = ".imagecodec-*";

    private readonly string _folder = Directory.CreateTempSubdirectory("imagecodec-kill-").FullName;
    private readonly RandomSource _random;

    public KillTrials(int seed) => _random = new RandomSource(seed);

    /// <summary>Compresses over an old file.</summary>
    /// <exception cref="InvalidOperationException">The target was damaged.</exception>
    public KillReport Compress(int moments)
    {
        ImageFile.Write(InFolder("a.ppm"), TinyModel.CreatePicture(600, 400));
        return Replace(moments, "a.icd", "compress", InFolder("a.ppm"), InFolder("a.icd"), "--overwrite");
    }

    /// <summary>Decompresses over an old file.</summary>
    /// <exception cref="InvalidOperationException">The target was damaged.</exception>
    public KillReport Decompress(int moments)
    {
        ImageFile.Write(InFolder("b.ppm"), TinyModel.CreatePicture(600, 400));
        ImageCodecProcess.Run("compress", InFolder("b.ppm"), InFolder("b.icd"));
        return Replace(moments, "b.png", "decompress", InFolder("b.icd"), InFolder("b.png"), "--overwrite");
    }

    /// <summary>Compresses a folder, kills and goes on, again and again; whenever a run comes to its end, the folder must be that of a run that was never killed.</summary>
    /// <exception cref="InvalidOperationException">A file was damaged, is missing, or is one too many.</exception>
    public KillReport Folder(int moments)
    {
        string pictures = InFolder("photos");
        for (int i = 0; i < 8; i++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(pictures, i % 2 == 0 ? "." : "below")).FullName;
            ImageFile.Write(Path.Combine(folder, $"{i}.ppm"), TinyModel.CreatePicture(300 + i, 200));
        }

        string whole = Directory.CreateDirectory(InFolder("whole")).FullName;
        TimeSpan time = ImageCodecProcess.Run("compress", pictures, whole);
        Dictionary<string, byte[]> expected = Contents(whole);
        string target = Directory.CreateDirectory(InFolder("killed")).FullName;
        KillReport report = default;
        while (report.Killed < moments)
        {
            bool killed = ImageCodecProcess.Kill(RandomMoment(time), "compress", pictures, target, "--skip-existing");
            Dictionary<string, byte[]> found = Contents(target);
            if (found.Any(file => !expected.TryGetValue(file.Key, out byte[]? contents) || !contents.AsSpan().SequenceEqual(file.Value)))
            {
                throw new InvalidOperationException($"'{target}' has a file that a run without a kill does not write.");
            }

            if (!killed && found.Count != expected.Count)
            {
                throw new InvalidOperationException($"'{target}' has {found.Count} files after a whole run, not {expected.Count}.");
            }

            report = Count(report, killed, isOld: found.Count < expected.Count) with { LeftBehind = report.LeftBehind };
            if (found.Count == expected.Count)
            {
                report = report with { LeftBehind = report.LeftBehind + Directory.GetFiles(target, TemporaryFiles, SearchOption.AllDirectories).Length };
                Directory.Delete(target, recursive: true);
                Directory.CreateDirectory(target);
            }
        }

        return report;
    }

    /// <summary>Trains, kills and resumes, again and again; whenever a run comes to its end, its weights must be those of one that was never killed.</summary>
    /// <exception cref="InvalidOperationException">A file was damaged, or the weights came out differently.</exception>
    public KillReport Train(int moments)
    {
        string pictures = Directory.CreateDirectory(InFolder("pictures")).FullName;
        for (int i = 0; i < 6; i++)
        {
            ImageFile.Write(Path.Combine(pictures, $"{i}.png"), TinyModel.CreatePicture(20 + i, 18));
        }

        string[] Arguments(string output) =>
        [
            "train", pictures, "--model", "strided", "--output", output, "--epochs", "15", "--crop", "16", "--batch", "2", "--validate-every", "1", "--threads", "1",
        ];

        TimeSpan whole = ImageCodecProcess.Run(Arguments(InFolder("whole.safetensors")));
        byte[] expected = File.ReadAllBytes(InFolder("whole.safetensors"));
        string target = InFolder("killed.safetensors");
        string checkpoint = target + ".checkpoint";
        KillReport report = default;
        while (report.Killed < moments)
        {
            bool resumes = File.Exists(checkpoint);
            byte[] before = File.Exists(target) ? File.ReadAllBytes(target) : [];
            bool killed = ImageCodecProcess.Kill(RandomMoment(whole), resumes ? [.. Arguments(target), "--resume"] : Arguments(target));
            byte[] after = File.Exists(target) ? File.ReadAllBytes(target) : [];
            if (after.Length > 0)
            {
                WeightsFile.Read(after);
            }

            report = Count(report, killed, before.AsSpan().SequenceEqual(after));
            if (killed)
            {
                continue;
            }

            if (!after.AsSpan().SequenceEqual(expected))
            {
                throw new InvalidOperationException("A run that was killed and resumed came to other weights.");
            }

            File.Delete(target);
            File.Delete(checkpoint);
        }

        return report with { LeftBehind = DeleteTemporaryFiles() };
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private KillReport Replace(int moments, string target, params string[] arguments)
    {
        TimeSpan whole = ImageCodecProcess.Run(arguments);
        string path = InFolder(target);
        byte[] expected = File.ReadAllBytes(path);
        byte[] old = [.. "what was there before"u8];
        KillReport report = default;
        while (report.Killed < moments)
        {
            File.WriteAllBytes(path, old);
            bool killed = ImageCodecProcess.Kill(RandomMoment(whole), arguments);
            byte[] after = File.ReadAllBytes(path);
            bool isOld = after.AsSpan().SequenceEqual(old);
            if (!isOld && !after.AsSpan().SequenceEqual(expected))
            {
                throw new InvalidOperationException($"'{path}' has {after.Length} bytes that are neither the old nor the new file.");
            }

            report = Count(report, killed, isOld);
        }

        return report with { LeftBehind = DeleteTemporaryFiles() };
    }

    /// <summary>The files of a folder that a killed run did not leave behind, by relative path.</summary>
    private static Dictionary<string, byte[]> Contents(string folder) => Directory.EnumerateFiles(folder, "*.icd", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes);

    private static KillReport Count(KillReport report, bool killed, bool isOld) =>
        new(report.Killed + (killed ? 1 : 0), report.Old + (isOld ? 1 : 0), report.New + (isOld ? 0 : 1), 0);

    private int DeleteTemporaryFiles()
    {
        string[] files = Directory.GetFiles(_folder, TemporaryFiles);
        foreach (string file in files)
        {
            File.Delete(file);
        }

        return files.Length;
    }

    private TimeSpan RandomMoment(TimeSpan whole) => whole * _random.NextSingle();

    private string InFolder(string name) => Path.Combine(_folder, name);
}
