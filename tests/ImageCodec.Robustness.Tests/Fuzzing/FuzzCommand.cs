using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Runs damaged inputs through readers for as long, or as many, as it is told.</summary>
internal static class FuzzCommand
{
    private const int ShownOutcomes = 12;
    private const string AllReaders = "all";

    public static Command Create()
    {
        Argument<string> reader = new("READER") { Description = $"One of {string.Join(", ", FuzzTargets.All.Keys)}, or {AllReaders}." };
        reader.AcceptOnlyFromAmong([.. FuzzTargets.All.Keys, AllReaders]);
        Option<long> inputs = new("--inputs") { Description = "Inputs for each reader.", DefaultValueFactory = _ => 1_000_000 };
        Option<int> seconds = new("--seconds") { Description = "Seconds for each reader at most.", DefaultValueFactory = _ => int.MaxValue };
        Option<int> seed = new("--seed") { Description = "Another one gives other inputs.", DefaultValueFactory = _ => 2 };
        Option<string> output = new("--output") { Description = "The folder that inputs which make trouble go to.", DefaultValueFactory = _ => "fuzz-failures" };
        Command command = new("fuzz", "Gives damaged inputs to readers.") { reader, inputs, seconds, seed, output };
        command.SetAction(parsed => FuzzTargets.All.Keys
            .Where(name => parsed.GetRequiredValue(reader) is var chosen && (chosen == AllReaders || chosen == name))
            .Sum(name => Run(name, parsed.GetValue(inputs), parsed.GetValue(seconds), parsed.GetValue(seed), parsed.GetRequiredValue(output))) == 0 ? 0 : 1);
        return command;
    }

    /// <returns>The number of inputs that made trouble.</returns>
    private static int Run(string name, long inputs, int seconds, int seed, string output)
    {
        FuzzRun run = new(FuzzTargets.All[name](), seed);
        Stopwatch clock = Stopwatch.StartNew();
        int saved = 0;
        while (run.Tried < inputs && clock.Elapsed.TotalSeconds < seconds)
        {
            run.Step();
            for (; saved < run.Failures.Count; saved++)
            {
                FuzzFailure failure = run.Failures[saved];
                Directory.CreateDirectory(output);
                string path = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{name}-{seed}-{failure.Index}"));
                File.WriteAllBytes(path, failure.Input);
                File.WriteAllText(path + ".txt", failure.Problem);
                Console.WriteLine($"{path}: {failure.Problem}");
            }
        }

        Print(name, run, clock.Elapsed);
        return run.Failures.Count;
    }

    private static void Print(string name, FuzzRun run, TimeSpan elapsed)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {run.Tried} inputs in {elapsed.TotalSeconds:0} s, {run.Failures.Count} failures; slowest {run.SlowestTime.TotalMilliseconds:0.00} ms " +
            $"({run.SlowestLength} bytes), hungriest {run.HungriestBytes / 1024.0:0} KiB ({run.HungriestLength} bytes); {run.Outcomes.Count} kinds of outcome:"));
        foreach ((string kind, long count) in run.Outcomes.OrderByDescending(outcome => outcome.Value).Take(ShownOutcomes))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,10}  {kind}"));
        }
    }
}
