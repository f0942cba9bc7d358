using System.Diagnostics;
using System.Globalization;
using ImageCodec.Imaging;
using Spectre.Console;

namespace ImageCodec.Cli;

/// <summary>
/// Runs a command on its pictures, several small ones at a time; a bar shows how far it is where standard error is a terminal, and how much time is left where that is long.
/// </summary>
internal sealed class PictureBatch
{
    /// <summary>The pixels of pictures that are worked on at the same time.</summary>
    private const long MaxPixelsTogether = 4_000_000;

    /// <summary>Pictures that are done may wait for the first one's turn, so many for each thread.</summary>
    private const int MaxAhead = 8;

    /// <summary>Only after that long something is said of the time that is left: before, it is a wild guess, or not worth the words.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(3);

    /// <summary>Pictures at a time: one more than there are cores, as one of them mostly waits for the disk.</summary>
    public static readonly int UsualThreads = Environment.ProcessorCount + 1;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _barLock = new();
    private readonly PixelLimit _limit = new(MaxPixelsTogether);
    private readonly Queue<(Conversion Conversion, BatchItem Item, Task<string?> Line)> _started = [];
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

    /// <summary>Converts all pictures. Of several, those that fail are told and left out, and a last line counts them. Lines come in the order of the pictures.</summary>
    /// <param name="context">Where lines go.</param>
    /// <param name="command">The command's name, for messages.</param>
    /// <param name="plan">The pictures.</param>
    /// <param name="existing">What is done where an output exists.</param>
    /// <param name="threads">Pictures at a time, at most.</param>
    /// <param name="convert">Converts one and gives the line to print.</param>
    /// <exception cref="CommandException">Some of several could not be converted. A single picture's failure comes as it is.</exception>
    public static void Run(
        CommandContext context, string command, ConversionPlan plan, ExistingOutput existing, int threads, Func<Conversion, BatchItem, string> convert)
    {
        if (!ReferenceEquals(context.Error, Console.Error) || Console.IsErrorRedirected)
        {
            new PictureBatch(context, command, null, null).Run(plan, existing, threads, convert);
            return;
        }

        // Standard output may hold the picture itself.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(bars => new PictureBatch(context, command, console, bars.AddTask("starting", maxValue: plan.Conversions.Count)).Run(plan, existing, threads, convert));
    }

    private void Run(ConversionPlan plan, ExistingOutput existing, int threads, Func<Conversion, BatchItem, string> convert)
    {
        foreach (LeftOutFile file in plan.LeftOut)
        {
            Tell($"{(file.IsFault ? "" : "skipped: ")}'{file.Path}' {file.Reason}");
        }

        int failures = plan.LeftOut.Count(file => file.IsFault);
        int skipped = plan.LeftOut.Count - failures;
        int successes = 0;
        string Counts() => $"{successes} done, {skipped} skipped, {failures} failed";
        int next = 0;
        int left = 0;
        OperationCanceledException? stopped = null;
        try
        {
            while ((next < plan.Conversions.Count && stopped is null) || _started.Count > 0)
            {
                Task[] running = [.. _started.Select(one => one.Line).Where(task => !task.IsCompleted)];
                if (next < plan.Conversions.Count && stopped is null && running.Length < threads && _started.Count < MaxAhead * threads)
                {
                    Start(plan.Conversions[next++], existing, convert);
                    continue;
                }

                Show();
                (Conversion conversion, BatchItem item, Task<string?> task) = _started.Peek();
                if (!task.IsCompleted && running.Length == threads)
                {
                    Task.WaitAny(running);
                    continue;
                }

                string? line = null;
                try
                {
                    line = Result(task, item);
                    successes += line is null ? 0 : 1;
                    skipped += line is null ? 1 : 0;
                }
                catch (Exception e) when (plan.IsBatch
                    && e is CommandException or InvalidFileException or IOException or UnauthorizedAccessException or ArgumentException)
                {
                    failures++;
                    Tell(ErrorText.Describe(e));
                }
                catch (OperationCanceledException e) when (plan.IsBatch)
                {
                    // Others that were begun may have come to their end all the same; they are told of too.
                    stopped = e;
                    left++;
                }

                if (line is not null)
                {
                    PrintReport(conversion.Output, line);
                }

                lock (_barLock)
                {
                    _started.Dequeue();
                    _done++;
                }
            }
        }
        finally
        {
            // Those that were begun must come to an end, before what they use is gone.
            Task.WhenAll(_started.Select(one => one.Line)).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }

        if (stopped is not null)
        {
            throw new CommandException($"stopped: {Counts()}, {left + plan.Conversions.Count - next} left. Go on with the same command and --skip-existing.", stopped);
        }

        Show();
        if (failures > 0)
        {
            throw new CommandException($"{Counts()}; the lines above say why.");
        }

        if (plan.IsBatch)
        {
            PrintReport(plan.Conversions[0].Output, Counts());
        }
    }

    /// <summary>Begins a conversion on a thread of its own, which gives the line to print, or null for one that is skipped.</summary>
    private void Start(Conversion conversion, ExistingOutput existing, Func<Conversion, BatchItem, string> convert)
    {
        BatchItem item = new(_limit, Show);
        Task<string?> task = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    if (conversion.Problem is null && existing == ExistingOutput.Skip && OutputFile.HoldsSomething(conversion.Output))
                    {
                        item.Tell($"skipped: '{conversion.Output}' exists.");
                        return null;
                    }

                    _context.CancellationToken.ThrowIfCancellationRequested();
                    return conversion.Problem is { } problem ? throw new CommandException(problem) : convert(conversion, item);
                }
                finally
                {
                    item.Leave();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        lock (_barLock)
        {
            _started.Enqueue((conversion, item, task));
        }
    }

    /// <summary>What came of a conversion, once what it had to say has been said.</summary>
    private string? Result(Task<string?> task, BatchItem item)
    {
        try
        {
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            item.Messages.ForEach(Tell);
        }
    }

    private void PrintReport(string output, string line)
    {
        TextWriter writer = _context.ReportOn(output);
        Print(writer, ErrorText.OneLine(line), isElsewhere: writer == _context.Output && Console.IsOutputRedirected);
    }

    /// <summary>A line for the person in front of the screen.</summary>
    private void Tell(string message) => Print(_context.Error, ErrorText.OneLine($"imagecodec {_command}: {message}"), isElsewhere: false);

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

    private void Show()
    {
        if (_bar is null)
        {
            return;
        }

        lock (_barLock)
        {
            double value = _done + _started.Sum(one => one.Item.Done);
            TimeSpan elapsed = _watch.Elapsed;
            string left = value > 0 && elapsed > s_silence
                ? string.Create(CultureInfo.InvariantCulture, $", {elapsed / value * (_bar.MaxValue - value):hh\\:mm\\:ss} left")
                : "";
            _bar.Value = value;
            _name = _started.TryPeek(out var first) ? first.Conversion.Input : _name;
            _bar.Description = Markup.Escape(_name + left);
        }
    }
}
