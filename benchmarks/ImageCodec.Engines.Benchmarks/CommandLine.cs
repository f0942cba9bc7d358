using System.CommandLine;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The program's options, and a help that says what the table means.</summary>
internal static class CommandLine
{
    private const string Description = """
        Compares this library's networks with ONNX Runtime and libtorch (by TorchSharp) on the same cores, the same weights in all of them.

        Rows:
          baseline, strided, residual, vae    encoder and decoder at 128×128, 1 and 16 pictures at a time; a training step of 16 pictures
          hyperprior                          a training step of 16 pictures
          photo                               each transform of the default model at 768×512, and the two large ones at 12 megapixels

        Milliseconds, and how many times as long the others take: above 1 this library is faster. Before a row is timed, all outputs are
        compared; where they are not the same the row says «differs», and the program ends with 1. The engines take turns, and of all runs
        of an engine one of the fastest counts, so that a load that comes and goes hits all alike.
        With one thread, times are those of the processor, so that others' work in between does not count. With more, they are those of the
        clock: they mean something on a quiet machine only.

        Examples:
          dotnet run -c Release --project benchmarks/ImageCodec.Engines.Benchmarks
          dotnet run -c Release --project benchmarks/ImageCodec.Engines.Benchmarks -- --threads 1 --models photo
          dotnet run -c Release --project benchmarks/ImageCodec.Engines.Benchmarks -- --models vae --seconds 0.2 --rounds 1
        """;

    public static RootCommand Create()
    {
        Option<int> threads = new("--threads")
        {
            HelpName = "N",
            Description = "Threads that each engine may use.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        Option<string[]> models = new("--models")
        {
            HelpName = "NAME...",
            Description = $"What to compare, of {string.Join(", ", RowSource.Models)}.",
            DefaultValueFactory = _ => [.. RowSource.Models],
            AllowMultipleArgumentsPerToken = true,
        };
        models.AcceptOnlyFromAmong([.. RowSource.Models]);
        Option<double> seconds = new("--seconds")
        {
            HelpName = "S",
            Description = "For how long an engine repeats a row before it is another one's turn; once at least.",
            DefaultValueFactory = _ => 0.5,
        };
        Option<int> rounds = new("--rounds") { HelpName = "R", Description = "Turns that each engine has at a row.", DefaultValueFactory = _ => 4 };
        RequireAbove(threads, 0);
        RequireAbove(seconds, 0);
        RequireAbove(rounds, 0);
        RootCommand command = new(Description) { threads, models, seconds, rounds };
        command.SetAction(parsed => Report.Print(
            Console.Out,
            parsed.GetRequiredValue(models),
            new Turns(parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(rounds))));
        return command;
    }

    private static void RequireAbove<T>(Option<T> option, T bound)
        where T : IComparable<T> => option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && value.CompareTo(bound) <= 0)
            {
                result.AddError($"{option.Name} must be above {bound}, but is {value}.");
            }
        });
}
