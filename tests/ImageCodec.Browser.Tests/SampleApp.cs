using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageCodec.Browser.Tests;

/// <summary>The sample <c>ImageCodec.Web</c>, as a program on a free port of this machine.</summary>
internal sealed class SampleApp : IDisposable
{
    private const string ListeningOn = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SampleApp(string[] options)
    {
        Data = Directory.CreateTempSubdirectory("imagecodec-browser-").FullName;
        string program = Path.Combine(Root(), "samples", "ImageCodec.Web", "bin", Configuration(), "net10.0", "ImageCodec.Web.dll");
        ProcessStartInfo start = new("dotnet", [program, "--urls", "http://127.0.0.1:0", "--Data", Data, .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The app has ended.\n{Log}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The address of its first page.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>The folder of its files.</summary>
    public string Data { get; }

    /// <summary>What it has logged.</summary>
    public string Log => string.Join('\n', _log);

    public static SampleApp Start(params string[] options)
    {
        SampleApp app = new(options);
        try
        {
            app._address.Task.Wait(Patience.Limit);
            return app;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }

    /// <summary>The bytes at an address in the app.</summary>
    public byte[] Get(string path)
    {
        using HttpClient client = new() { BaseAddress = Address };
        return client.GetByteArrayAsync(path).Result;
    }

    /// <summary>Ends the program.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (line.IndexOf(ListeningOn, StringComparison.Ordinal) is >= 0 and { } place)
        {
            _address.TrySetResult(new Uri(line[(place + ListeningOn.Length)..].Trim()));
        }
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageCodec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }

    /// <summary>The app was built as the tests were.</summary>
    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
