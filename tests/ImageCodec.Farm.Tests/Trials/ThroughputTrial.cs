using System.CommandLine;
using System.Diagnostics;

namespace ImageCodec.Farm.Tests.Trials;

/// <summary>
/// The same pictures by the library in a plain loop, by the command <c>imagecodec</c>, which restores each one too, and by the farm, in turn: what does the engine cost?
/// Times are those of whole processes, and seconds of processors beside them, which other work on the machine disturbs less; those of the database server are not among them.
/// </summary>
internal static class ThroughputTrial
{
    private const string LoopName = "loop";

    public static Command CreateCommand()
    {
        Argument<string> source = new("FOLDER") { Description = "Pictures to cut from." };
        Argument<string> bare = new("IMAGECODEC") { Description = "The command's program, imagecodec.dll." };
        Option<int> count = new("--pictures") { Description = "How many.", DefaultValueFactory = _ => 1000 };
        Option<int> rounds = new("--rounds") { Description = "How often each.", DefaultValueFactory = _ => 4 };
        Option<int> side = new("--side") { Description = "The largest width of a picture; heights are three quarters of it.", DefaultValueFactory = _ => 512 };
        Option<string?> batch = new("--batch") { Description = "Pictures of one job." };
        Command command = new("throughput", "Compares the farm with the bare command.") { source, bare, count, rounds, side, batch };
        command.SetAction(parsed =>
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-trial-");
            try
            {
                string pictures = folder.CreateSubdirectory("pictures").FullName;
                int width = parsed.GetValue(side);
                TrialPictures.Make(parsed.GetRequiredValue(source), pictures, parsed.GetValue(count), width, 3 * width / 4);
                using PrivatePostgres database = PrivatePostgres.StartForTrial();
                string[] farm = [Path.Combine(AppContext.BaseDirectory, "ImageCodec.Farm.dll"), "run", pictures];
                string[] options = ["--until-done", "--dashboard", "http://127.0.0.1:0", .. parsed.GetValue(batch) is { } size ? (string[])["--batch", size] : []];
                string[] loop = [typeof(ThroughputTrial).Assembly.Location, LoopName, pictures];
                for (int i = 0; i < parsed.GetValue(rounds); i++)
                {
                    string of(string name) => folder.CreateSubdirectory($"{name}-{i}").FullName;
                    Console.WriteLine($"library   {Time([.. loop, of("loop")])}");
                    Console.WriteLine($"command   {Time([parsed.GetRequiredValue(bare), "compress", pictures, of("bare")])}");
                    Console.WriteLine($"in memory {Time([.. farm, of("memory"), .. options])}");
                    Console.WriteLine($"database  {Time([.. farm, of("postgres"), .. options, "--database", database.ConnectionString])}");
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    /// <summary>What is measured against: as many pictures at once as there are cores, each on one thread, each file brought to the disk.</summary>
    public static Command CreateLoopCommand()
    {
        Argument<string> input = new("INPUT");
        Argument<string> output = new("OUTPUT");
        Command command = new(LoopName, "Compresses a folder in a plain loop.") { input, output };
        command.SetAction(parsed =>
        {
            using ImageCompressor compressor = ImageCompressor.LoadPretrained(maxThreads: 1);
            Parallel.ForEach(Directory.GetFiles(parsed.GetRequiredValue(input)), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, path =>
                compressor.CompressFileAsync(path, Path.Combine(parsed.GetRequiredValue(output), Path.GetFileName(path) + ".icd")).GetAwaiter().GetResult());
        });
        return command;
    }

    private static string Time(string[] arguments)
    {
        // The shell knows what its children took, also when they have ended.
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "\"$@\" && times", "sh", "dotnet", .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? $"{watch.Elapsed.TotalSeconds,6:0.0} s, of processors (user, system) {output.TrimEnd().Split('\n')[^1]}"
            : throw new InvalidOperationException(output);
    }
}
