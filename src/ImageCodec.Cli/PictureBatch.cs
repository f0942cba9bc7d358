using System.Diagnostics;
using System.Globalization;
using ImageCodec.Imaging;
using Spectre.Console;

namespace ImageCodec.Cli;

/// <summary>
/// Runs a command on its pictures, one after the other; a bar shows how far it is where standard error is a terminal, and how much time is left where that is long.
/// </summary>
internal sealed class PictureBatch : IProgress<double>
{
    /// <summary>Only after that long something is said of the time that is left: before, it is a wild guess, or not worth the words.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly CommandContext _context;
    private readonly string _command;
    private readonly IAnsiConsole? _console;
    private readonly ProgressTask? _bar;
    private string _name = "";
    private int _done;

    private PictureBatch(CommandContext context, string command, IAnsiConsole? console, ProgressTask? bar)
    {
        _context = context;
        _command = command;
        _console = console;
        _bar = bar;
    }

    /// <summary>Converts all pictures. Of several, those that fail are told and left out, and a last line counts them.</summary>
    /// <param name="context">Where lines go.</param>
    /// <param name="command">The command's name, for messages.</param>
    /// <param name="plan">The pictures.</param>
    /// <param name="existing">What is done where an output exists.</param>
    /// <param name="convert">Converts one and gives the line to print.</param>
    /// <exception cref="CommandException">Some of several could not be converted. A single picture's failure comes as it is.</exception>
    public static void Run(CommandContext context, string command, ConversionPlan plan, ExistingOutput existing, Func<Conversion, PictureBatch, string> convert)
    {
        if (!ReferenceEquals(context.Error, Console.Error) || Console.IsErrorRedirected)
        {
            new PictureBatch(context, command, null, null).Run(plan, existing, convert);
            return;
        }

        // Standard output may hold the picture itself.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(bars => new PictureBatch(context, command, console, bars.AddTask("starting", maxValue: plan.Conversions.Count)).Run(plan, existing, convert));
    }

    /// <inheritdoc/>
    public void Report(double value) => Show(_done + value);

    private void Run(ConversionPlan plan, ExistingOutput existing, Func<Conversion, PictureBatch, string> convert)
    {
        foreach (LeftOutFile file in plan.LeftOut)
        {
            Tell($"{(file.IsFault ? "" : "skipped: ")}'{file.Path}' {file.Reason}");
        }

        int failures = plan.LeftOut.Count(file => file.IsFault);
        int skipped = plan.LeftOut.Count - failures;
        int successes = 0;
        string Counts() => $"{successes} done, {skipped} skipped, {failures} failed";
        foreach (Conversion conversion in plan.Conversions)
        {
            _name = conversion.Input;
            Show(_done);
            try
            {
                if (conversion.Problem is null && existing == ExistingOutput.Skip && OutputFile.HoldsSomething(conversion.Output))
                {
                    skipped++;
                    Tell($"skipped: '{conversion.Output}' exists.");
                }
                else
                {
                    string line = conversion.Problem is { } problem ? throw new CommandException(problem) : convert(conversion, this);
                    successes++;
                    PrintReport(conversion.Output, line);
                }
            }
            catch (Exception e) when (plan.IsBatch
                && e is CommandException or InvalidFileException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                failures++;
                Tell(ErrorText.Describe(e));
            }
            catch (OperationCanceledException e) when (plan.IsBatch)
            {
                throw new CommandException($"stopped: {Counts()}, {plan.Conversions.Count - _done} left. Go on with the same command and --skip-existing.", e);
            }

            Show(++_done);
        }

        if (failures > 0)
        {
            throw new CommandException($"{Counts()}; the lines above say why.");
        }

        if (plan.IsBatch)
        {
            PrintReport(plan.Conversions[0].Output, Counts());
        }
    }

    private void PrintReport(string output, string line)
    {
        TextWriter writer = _context.ReportOn(output);
        Print(writer, ErrorText.OneLine(line), isElsewhere: writer == _context.Output && Console.IsOutputRedirected);
    }

    /// <summary>A line for the person in front of the screen.</summary>
    public void Tell(string message) => Print(_context.Error, ErrorText.OneLine($"imagecodec {_command}: {message}"), isElsewhere: false);

    /// <summary>A line on the terminal that shows the bar has to go through what draws the bar.</summary>
    private void Print(TextWriter writer, string line, bool isElsewhere)
    {
        if (_console is null || isElsewhere)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
        else
        {
            _console.WriteLine(line);
        }
    }

    private void Show(double value)
    {
        if (_bar is null)
        {
            return;
        }

        TimeSpan elapsed = _watch.Elapsed;
        string left = value > 0 && elapsed > s_silence
            ? string.Create(CultureInfo.InvariantCulture, $", {elapsed / value * (_bar.MaxValue - value):hh\\:mm\\:ss} left")
            : "";
        _bar.Value = value;
        _bar.Description = Markup.Escape(_name + left);
    }
}
