using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ImageCodec.Training.Tests;

/// <summary>A run of training/train_hyperprior.py on processors, by one process or by several, as torchrun starts them.</summary>
internal static class PythonRun
{
    private static readonly string s_scripts = Path.Combine(AppContext.BaseDirectory, "python");

    /// <summary>A Python that has what the script needs; Debian's packages are not seen by another one on the path.</summary>
    private static readonly Lazy<string?> s_python = new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasPackages));

    public static string Weights => Path.Combine(s_scripts, "photo.safetensors");

    public static void RequirePython()
    {
        if (s_python.Value is null)
        {
            Assert.Ignore("No Python with PyTorch, NumPy and Pillow is installed (Debian packages python3-torch and python3-pil).");
        }
    }

    /// <summary>Runs to the end, or until a line that begins as told; then all processes are killed.</summary>
    /// <returns>What the first process printed.</returns>
    public static List<string> Run(int processes, string[] arguments, string? killAt = null)
    {
        int port = FreePort();
        Process[] all = [.. Enumerable.Range(0, processes).Select(rank => Start(rank, processes, port, arguments))];
        try
        {
            Task<string>[] errors = [.. all.Select(process => process.StandardError.ReadToEndAsync())];
            List<string> lines = [];
            while (all[0].StandardOutput.ReadLine() is { } line)
            {
                lines.Add(line);
                if (killAt is not null && line.StartsWith(killAt, StringComparison.Ordinal))
                {
                    return lines;
                }
            }

            foreach (Process process in all)
            {
                process.WaitForExit();
            }

            Assert.That(all.Select(process => process.ExitCode), Is.All.Zero, string.Join("\n", errors.Select(text => text.Result)));
            return lines;
        }
        finally
        {
            foreach (Process process in all)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    /// <summary>What a run that cannot begin says on its error output, and its exit status.</summary>
    public static (string Errors, int Status) Refuse(int processes, string[] arguments)
    {
        using Process process = Start(0, processes, FreePort(), arguments);
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (errors, process.ExitCode);
    }

    private static Process Start(int rank, int processes, int port, string[] arguments)
    {
        ProcessStartInfo start = new(s_python.Value!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(s_scripts, "train_hyperprior.py"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RANK"] = start.Environment["LOCAL_RANK"] = rank.ToString(CultureInfo.InvariantCulture);
        start.Environment["WORLD_SIZE"] = processes.ToString(CultureInfo.InvariantCulture);
        start.Environment["MASTER_ADDR"] = IPAddress.Loopback.ToString();
        start.Environment["MASTER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["CUDA_VISIBLE_DEVICES"] = "";
        return Process.Start(start)!;
    }

    private static bool HasPackages(string python)
    {
        try
        {
            ProcessStartInfo start = new(python, ["-c", "import torch, numpy, PIL"]) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
