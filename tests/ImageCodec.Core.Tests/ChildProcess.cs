using System.Diagnostics;

namespace ImageCodec.Tests;

/// <summary>A test that answers from a process of its own: instruction sets can only be switched off before one starts.</summary>
internal static class ChildProcess
{
    private const string FileVariable = "TESTS_ANSWER_FILE";

    /// <summary>Runs the test that answers, with a setting of the runtime at 0.</summary>
    public static string Run(string testName, string switchedOff)
    {
        string file = Path.Combine(Path.GetTempPath(), $"test-answer-{Guid.NewGuid():N}");
        try
        {
            ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            {
                start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
            }

            start.ArgumentList.Add("--filter");
            start.ArgumentList.Add($"Name={testName}");
            start.Environment[switchedOff] = "0";
            start.Environment[FileVariable] = file;
            using Process child = Process.Start(start)!;
            Task<string> errors = child.StandardError.ReadToEndAsync();
            string output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.That(File.Exists(file), $"{output}\n{errors.Result}");
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Answers if another process waits for it.</summary>
    public static void Answer(Func<string> answer)
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file)
        {
            File.WriteAllText(file, answer());
        }
    }
}
