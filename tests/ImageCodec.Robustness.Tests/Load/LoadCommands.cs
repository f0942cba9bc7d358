using System.CommandLine;
using System.Globalization;

namespace ImageCodec.Robustness.Tests.Load;

/// <summary>Long runs of one compressor: by many threads, and over many pictures.</summary>
internal static class LoadCommands
{
    public static Command CreateThreads()
    {
        Option<int> threads = new("--threads") { Description = "Threads at once.", DefaultValueFactory = _ => 16 };
        Option<int> seconds = new("--seconds") { Description = "How long; a third of it first on one thread.", DefaultValueFactory = _ => 60 };
        Command command = new("threads", "Works with one compressor on many threads, and compares all results with those of one.") { threads, seconds };
        command.SetAction(parsed =>
        {
            TimeSpan time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            using SharedCompressor shared = new();
            double alone = shared.Run(1, time / 3) / (time.TotalSeconds / 3);
            double together = shared.Run(parsed.GetValue(threads), time) / time.TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"one thread: {alone:0.0} pictures a second; {parsed.GetValue(threads)} threads: {together:0.0}, {together / alone:0.00} times as many; all results equal"));
            Console.WriteLine(SharedCompressor.DescribeMemory());
        });
        return command;
    }

    public static Command CreatePictures()
    {
        Option<int> pictures = new("--pictures") { Description = "How many.", DefaultValueFactory = _ => 10_000 };
        Command command = new("pictures", "Works through many pictures, and says how the memory goes.") { pictures };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(pictures);
            using SharedCompressor shared = new();
            for (int i = 0; i <= count; i++)
            {
                if (i % Math.Max(1, count / 10) == 0)
                {
                    Console.WriteLine($"{i} pictures: {SharedCompressor.DescribeMemory()}");
                }

                shared.Work(i);
            }

            shared.Dispose();
            Console.WriteLine($"disposed of: {SharedCompressor.DescribeMemory()}");
        });
        return command;
    }
}
