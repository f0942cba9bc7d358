using System.Globalization;
using ImageCodec.Training;
using Spectre.Console;
using ValidationResult = ImageCodec.Training.ValidationResult;

namespace ImageCodec.Cli;

/// <summary>Shows how far training has come: a bar on a terminal, elsewhere a line for each validation.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs the training and shows its progress.</summary>
    public static T Show<T>(TextWriter output, Func<IProgress<TrainingProgress>, T> run)
    {
        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
        return isTerminal ? ShowBar(run) : run(new Lines(output));
    }

    private static T ShowBar<T>(Func<IProgress<TrainingProgress>, T> run) => AnsiConsole.Progress()
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => run(new Bar(context.AddTask("starting"))));

    private static string Describe(ValidationResult? validation) => validation is null
        ? "no validation yet"
        : string.Create(CultureInfo.InvariantCulture, $"{validation.Psnr:0.00} dB at {validation.BitsPerPixel:0.000} bpp");

    /// <summary>Called on the thread that trains, so nothing is lost or out of order as with <see cref="Progress{T}"/>.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = value.Epochs;
            task.Value = value.Epoch;
            string remaining = value.Remaining.ToString(value.Remaining.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
            task.Description = Markup.Escape(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.0000}, best {Describe(value.Best)}, {remaining} left"));
        }
    }

    private sealed class Lines(TextWriter output) : IProgress<TrainingProgress>
    {
        private ValidationResult? _shown;

        public void Report(TrainingProgress value)
        {
            if (value.Validation is { } validation && validation != _shown)
            {
                _shown = validation;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Epoch}/{value.Epochs}: loss {value.Loss:0.0000}, validation {Describe(validation)}, best {Describe(value.Best)}, " +
                    $"{value.Elapsed.TotalSeconds:0} s"));
                output.Flush();
            }
        }
    }
}
