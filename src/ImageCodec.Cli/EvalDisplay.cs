using System.Diagnostics;
using System.Globalization;
using ImageCodec.Evaluation;
using Spectre.Console;

namespace ImageCodec.Cli;

/// <summary>Shows how far an evaluation has come: a bar where standard error is a terminal, else nothing.</summary>
internal static class EvalDisplay
{
    /// <summary>Runs the evaluation and shows its progress.</summary>
    public static T Show<T>(TextWriter error, Func<IProgress<EvaluationProgress>?, T> run)
    {
        if (!ReferenceEquals(error, Console.Error) || Console.IsErrorRedirected)
        {
            return run(null);
        }

        // Standard output is for the results, which may go into a file.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Profile.Capabilities.Interactive
            ? console.Progress()
                .AutoClear(true)
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .Start(context => run(new Bar(context.AddTask("starting"))))
            : run(null);
    }

    private sealed class Bar(ProgressTask task) : IProgress<EvaluationProgress>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public void Report(EvaluationProgress value)
        {
            task.MaxValue = value.Total;
            task.Value = value.Done;
            string left = value.Done == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $", {_watch.Elapsed / value.Done * (value.Total - value.Done):hh\\:mm\\:ss} left");
            task.Description = value.Done == value.Total ? "done" : Markup.Escape($"{value.File}: {value.Codec ?? "matches"}{left}");
        }
    }
}
