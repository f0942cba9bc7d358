using System.Diagnostics;

namespace ImageCodec.Robustness.Tests.Faults;

/// <summary>The command in a process of its own, which may be killed.</summary>
internal static class ImageCodecProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "imagecodec.dll");

    /// <summary>What a shell writes to run the command.</summary>
    public static string ShellText => $"'{Host}' '{Program}'";

    /// <summary>Runs to the end and asserts success.</summary>
    /// <returns>How long it took.</returns>
    public static TimeSpan Run(params string[] arguments)
    {
        Stopwatch clock = Stopwatch.StartNew();
        (int code, string error) = Finish(Start(Host, [Program, .. arguments]));
        return code == 0 ? clock.Elapsed : throw new InvalidOperationException($"imagecodec {string.Join(' ', arguments)} failed: {error}");
    }

    /// <summary>Starts, and kills without warning after a time, unless it has ended by then.</summary>
    /// <returns>Whether it was killed.</returns>
    public static bool Kill(TimeSpan after, params string[] arguments)
    {
        Process process = Start(Host, [Program, .. arguments]);
        if (!process.WaitForExit(after))
        {
            process.Kill();
        }

        (int code, string error) = Finish(process);
        const int KilledBySignal = 128 + 9;
        return code switch
        {
            0 => false,
            KilledBySignal => true,
            _ => throw new InvalidOperationException($"imagecodec {string.Join(' ', arguments)} failed: {error}"),
        };
    }

    /// <summary>Runs a line of bash.</summary>
    public static (int Code, string Error) Shell(string line) => Finish(Start("bash", ["-c", line]));

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (int Code, string Error) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new TimeoutException($"A process did not end in {Patience}.");
            }

            output.Wait();
            return (process.ExitCode, error.Result);
        }
    }
}
