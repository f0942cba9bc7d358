using System.Diagnostics;

namespace ImageCodec.Cli.Tests;

/// <summary>What a run of the command gave.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs the real command in a process of its own.</summary>
    public static CommandRun InProcessOfItsOwn(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "imagecodec.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"imagecodec {string.Join(' ', arguments)} did not end in {Patience}.");
        }

        return new CommandRun(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs the command's entry point in this process, for tests of many runs.</summary>
    public static CommandRun Here(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Program.Run(arguments, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts success, which is silent on standard error.</summary>
    public CommandRun Succeeded()
    {
        Assert.That((ExitCode, Error), Is.EqualTo((0, "")), Output);
        return this;
    }

    /// <summary>Asserts a failure told in one line that says some words.</summary>
    public CommandRun Failed(int code, params string[] words)
    {
        Assert.Multiple(() =>
        {
            Assert.That(ExitCode, Is.EqualTo(code), Error);
            Assert.That(Output, Is.Empty);
            Assert.That(Error, Does.EndWith("\n").And.StartsWith("imagecodec"));
            Assert.That(Error.TrimEnd('\n', '\r').Any(char.IsControl), Is.False, Error);
            Assert.That(Error, Does.Not.Contain("   at ").And.Not.Contain("unexpected"));
            foreach (string word in words)
            {
                Assert.That(Error, Does.Contain(word));
            }
        });
        return this;
    }
}
