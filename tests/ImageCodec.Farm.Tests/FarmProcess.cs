using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageCodec.Farm.Tests;

/// <summary>The sample as a program of its own.</summary>
internal sealed class FarmProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    public FarmProcess(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ImageCodec.Farm.dll");
        _process = new Process { StartInfo = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        AppDomain.CurrentDomain.ProcessExit += DisposeAtExit;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public bool HasExited => _process.HasExited;

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using FarmProcess farm = new(arguments);
        return (farm.Wait(), farm.Output);
    }

    public int Wait()
    {
        if (!_process.WaitForExit(s_patience))
        {
            throw new TimeoutException($"The program has not ended.\n{Output}");
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, as a system that shuts down does.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= DisposeAtExit;
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void DisposeAtExit(object? sender, EventArgs e) => Dispose();
}
