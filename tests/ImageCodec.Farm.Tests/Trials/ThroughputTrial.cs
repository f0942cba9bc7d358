using System.CommandLine;
using System.Diagnostics;

namespace ImageCodec.Farm.Tests.Trials;

/// <summary>The same pictures by the command <c>imagecodec</c> and by the farm, in turn: what does the engine cost?</summary>
internal static class ThroughputTrial
{
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
                for (int i = 0; i < parsed.GetValue(rounds); i++)
                {
                    string of(string name) => folder.CreateSubdirectory($"{name}-{i}").FullName;
                    double alone = Time([parsed.GetRequiredValue(bare), "compress", pictures, of("bare")]);
                    double memory = Time([.. farm, of("memory"), .. options]);
                    double postgres = Time([.. farm, of("postgres"), .. options, "--database", database.ConnectionString]);
                    Console.WriteLine($"bare {alone:0.0} s; farm in memory {memory:0.0} s ({100 * (memory / alone - 1):+0;-0} %), with PostgreSQL {postgres:0.0} s ({100 * (postgres / alone - 1):+0;-0} %)");
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static double Time(string[] arguments)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException(output);
    }
}
