using System.CommandLine;
using System.Data.Common;
using System.Diagnostics;
using Hangfire;

namespace ImageCodec.Farm.Tests.Trials;

/// <summary>Four workers and a database, undisturbed; then with two workers killed and the database crashed on the way. The files must be those that the library makes alone.</summary>
internal sealed class KillTrial
{
    private const int WorkerCount = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private readonly string _pictures;
    private readonly Dictionary<string, byte[]> _expected;

    private KillTrial(string pictures, Dictionary<string, byte[]> expected) => (_pictures, _expected) = (pictures, expected);

    public static Command CreateCommand()
    {
        Argument<string> source = new("FOLDER") { Description = "Pictures to cut small ones from." };
        Option<int> count = new("--pictures") { Description = "How many.", DefaultValueFactory = _ => 1000 };
        Command command = new("kill", "Kills two of four workers, and crashes the database.") { source, count };
        command.SetAction(parsed =>
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-trial-");
            try
            {
                string pictures = folder.CreateSubdirectory("pictures").FullName;
                TrialPictures.Make(parsed.GetRequiredValue(source), pictures, parsed.GetValue(count), 256, 192);
                KillTrial trial = new(pictures, CompressAlone(pictures));
                bool isWhole = trial.Run(Path.Combine(folder.FullName, "undisturbed"), isDisturbed: false);
                isWhole &= trial.Run(Path.Combine(folder.FullName, "disturbed"), isDisturbed: true);
                return isWhole ? 0 : 1;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static Dictionary<string, byte[]> CompressAlone(string pictures)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(maxThreads: 1);
        return Directory.GetFiles(pictures).ToDictionary(path => Path.GetFileName(path) + ".icd", path => compressor.Compress(ImageFile.Read(path)));
    }

    private bool Run(string output, bool isDisturbed)
    {
        using PrivatePostgres database = PrivatePostgres.StartForTrial();
        Stopwatch watch = Stopwatch.StartNew();
        string[] shared = ["--database", database.ConnectionString];
        (int exitCode, string said) = FarmProcess.Run(["add", _pictures, output, .. shared]);
        if (exitCode != 0)
        {
            throw new InvalidOperationException(said);
        }

        List<FarmProcess> workers = [.. Enumerable.Range(0, WorkerCount).Select(_ => new FarmProcess(["work", "--workers", "1", "--memory", "1", .. shared]))];
        Dictionary<string, DateTime> seen = [];
        int versions = 0;
        int wrong = 0;
        Queue<(double At, string Name, Action Do)> disturbances = new(isDisturbed
            ?
            [
                (0.2, "a worker killed", workers[0].Kill),
                (0.4, "the database crashed", database.Crash),
                (0.4, "the database started again", database.Start),
                (0.6, "another worker killed", workers[1].Kill),
            ]
            : []);
        try
        {
            JobStorage storage = FarmStorage.Open(database.ConnectionString);
            while (true)
            {
                bool isDone = disturbances.Count == 0 && IsDone(storage);
                (int newVersions, int newWrong) = Look(output, seen);
                (versions, wrong) = (versions + newVersions, wrong + newWrong);
                while (disturbances.TryPeek(out (double At, string Name, Action Do) next) && seen.Count >= next.At * _expected.Count)
                {
                    next.Do();
                    Console.WriteLine($"  at {seen.Count} files: {next.Name}");
                    disturbances.Dequeue();
                }

                if (isDone)
                {
                    break;
                }

                if (watch.Elapsed > s_patience)
                {
                    throw new TimeoutException($"{FarmStatus.Read(storage)}\n{string.Join("\n\n", workers.Select(worker => worker.Output))}");
                }

                Thread.Sleep(100);
            }

            FarmStatus status = FarmStatus.Read(storage);
            int missing = _expected.Keys.Count(name => !File.Exists(Path.Combine(output, name)));
            int equal = _expected.Count(file => File.Exists(Path.Combine(output, file.Key)) && File.ReadAllBytes(Path.Combine(output, file.Key)).AsSpan().SequenceEqual(file.Value));
            int left = Directory.GetFiles(Path.Combine(output, FolderStore.NotesName, "unfinished")).Length;
            Console.WriteLine(
                $"{(isDisturbed ? "disturbed" : "undisturbed")}: {_expected.Count} pictures, {equal} files equal to the library's, {missing} missing, {seen.Count} names and {versions} versions of files seen, " +
                $"{wrong} of them wrong, {left} unfinished files left; {watch.Elapsed.TotalSeconds:0} s. {status}");
            return equal == _expected.Count && wrong == 0 && status.SetAside == 0 && seen.Count == _expected.Count;
        }
        finally
        {
            foreach (FarmProcess worker in workers)
            {
                worker.Dispose();
            }
        }
    }

    private static bool IsDone(JobStorage storage)
    {
        try
        {
            return FarmStatus.Read(storage).IsDone;
        }
        catch (DbException)
        {
            // A connection from before the crash.
            return false;
        }
    }

    /// <summary>Compares each file that is new, or was written again, at once: whoever looks in the middle of the work must see whole files too.</summary>
    private (int Versions, int Wrong) Look(string output, Dictionary<string, DateTime> seen)
    {
        int versions = 0;
        int wrong = 0;
        foreach (FileInfo file in new DirectoryInfo(output).EnumerateFiles())
        {
            DateTime written = file.LastWriteTimeUtc;
            if (!seen.TryGetValue(file.Name, out DateTime before) || before != written)
            {
                seen[file.Name] = written;
                versions++;
                wrong += _expected.TryGetValue(file.Name, out byte[]? expected) && File.ReadAllBytes(file.FullName).AsSpan().SequenceEqual(expected) ? 0 : 1;
            }
        }

        return (versions, wrong);
    }
}
