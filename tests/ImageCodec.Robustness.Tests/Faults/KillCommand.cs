using System.CommandLine;

namespace ImageCodec.Robustness.Tests.Faults;

/// <summary>Kills the command at as many moments as it is told.</summary>
internal static class KillCommand
{
    public static Command Create()
    {
        Option<int> moments = new("--moments") { Description = "Moments for each kind of work.", DefaultValueFactory = _ => 50 };
        Option<int> seed = new("--seed") { Description = "Another one gives other moments.", DefaultValueFactory = _ => 1 };
        Command command = new("kill", "Kills compressions, decompressions and trainings at random moments.") { moments, seed };
        command.SetAction(parsed =>
        {
            using KillTrials trials = new(parsed.GetValue(seed));
            int count = parsed.GetValue(moments);
            Console.WriteLine($"compress: {trials.Compress(count)}");
            Console.WriteLine($"decompress: {trials.Decompress(count)}");
            Console.WriteLine($"folder: {trials.Folder(count)}");
            Console.WriteLine($"train: {trials.Train(count)}");
        });
        return command;
    }
}
