using System.ComponentModel;
using System.Diagnostics;

namespace ImageCodec.Evaluation;

/// <summary>Runs other programs.</summary>
internal sealed class ExternalCommand(string path, TimeSpan timeout)
{
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);
    private const int PollMilliseconds = 50;
    private const int MaxSaidLength = 240;

    private string Name => Path.GetFileName(path);

    /// <summary>The full path of a command of the PATH, or null.</summary>
    public static string? Find(string name)
    {
        string fileName = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, fileName))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>Runs the program to its end.</summary>
    /// <returns>The time it took, its start included.</returns>
    /// <exception cref="CodecFailedException">It could not be started, took too long or ended with another exit code than 0.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped, and the program too.</exception>
    public TimeSpan Run(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        (TimeSpan elapsed, int exitCode, string printed) = RunToEnd(arguments, cancellationToken);
        return exitCode == 0 ? elapsed : throw new CodecFailedException($"'{Name}' failed with exit code {exitCode}{Said(printed)}");
    }

    /// <summary>Runs the program for what it prints, whatever its exit code.</summary>
    /// <exception cref="CodecFailedException">It could not be started or took too long.</exception>
    public string Ask(string argument) => RunToEnd([argument], CancellationToken.None).Printed;

    private (TimeSpan Elapsed, int ExitCode, string Printed) RunToEnd(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        WaitForEnd(process, watch, cancellationToken);
        TimeSpan elapsed = watch.Elapsed;

        // A process that it left behind may hold the pipes open; what has come by now must do.
        bool isAllRead = Task.WaitAll([output, error], OutputPatience);
        return (elapsed, process.ExitCode, isAllRead ? output.Result + "\n" + error.Result : "");
    }

    private Process Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new CodecFailedException($"'{Name}' can't be run: {e.Message}", e);
        }
    }

    private void WaitForEnd(Process process, Stopwatch watch, CancellationToken cancellationToken)
    {
        while (!process.WaitForExit(PollMilliseconds))
        {
            bool isLate = watch.Elapsed > timeout;
            if (isLate || cancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                cancellationToken.ThrowIfCancellationRequested();
                throw new CodecFailedException(FormattableString.Invariant($"'{Name}' did not end in {timeout.TotalSeconds:0.#} seconds and was stopped."));
            }
        }
    }

    /// <summary>The last words of a program, which mostly say what was wrong.</summary>
    private static string Said(string printed)
    {
        string[] lines = printed.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string words = string.Join(" / ", lines.TakeLast(2));
        return words.Length == 0 ? "." : ": " + (words.Length > MaxSaidLength ? words[..MaxSaidLength] + "…" : words);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
    }
}
