using System.Diagnostics;

namespace ImageCodec.Skia.Tests;

/// <summary>Programs that are not the library's.</summary>
internal static class Tool
{
    /// <summary>Gives a program a file and takes the one that it makes; leaves the test out where there is no such program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="input">The file's bytes.</param>
    /// <param name="inputEnding">How its name ends.</param>
    /// <param name="outputEnding">How the name of what is made ends.</param>
    /// <param name="arguments">What the program is told; {in} and {out} stand for the files.</param>
    public static byte[] Convert(string program, byte[] input, string inputEnding, string outputEnding, params string[] arguments)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Assert.Ignore($"There is no {program} on this machine.");
        }

        string folder = Directory.CreateTempSubdirectory("imagecodec-skia-").FullName;
        try
        {
            string from = Path.Combine(folder, "in" + inputEnding);
            string to = Path.Combine(folder, "out" + outputEnding);
            File.WriteAllBytes(from, input);
            using Process process = Process.Start(program, arguments.Select(argument => argument.Replace("{in}", from, StringComparison.Ordinal).Replace("{out}", to, StringComparison.Ordinal)));
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, program);
            return File.ReadAllBytes(to);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
