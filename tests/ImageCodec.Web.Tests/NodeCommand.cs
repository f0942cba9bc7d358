using System.Diagnostics;

namespace ImageCodec.Web.Tests;

/// <summary>Runs Node.js in the repository; leaves the test out where there is none.</summary>
internal static class NodeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly string s_root = FindRoot();

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([s_root, .. parts]);

    /// <summary>Runs <c>node</c> in the repository's folder, and asserts that it succeeds.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(params string[] arguments)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node"))))
        {
            Assert.Ignore("Node.js's node is not installed.");
        }

        ProcessStartInfo start = new("node", arguments) { WorkingDirectory = s_root, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"node {string.Join(' ', arguments)} did not end in {Patience}.");
        }

        Assert.That(process.ExitCode, Is.Zero, $"node {string.Join(' ', arguments)}\n{output.Result}\n{error.Result}");
        return output.Result;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageCodec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
