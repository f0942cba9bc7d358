using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ImageCodec.NativeComparison;

/// <summary>
/// The coder in C++ next to this file, built with CMake when it is first asked for. Only benchmarks and tests that compare
/// use it; the library has no native part.
/// </summary>
internal static unsafe partial class NativeAdaptiveCoder
{
    private const string Library = "adaptive_coder";

    private static readonly Lazy<(nint Handle, string? Problem)> s_library = new(BuildAndLoad);

    /// <summary>Why the native coder is not to be had, as one line, or null if it is.</summary>
    public static string? Problem => s_library.Value.Problem;

    public static bool IsAvailable => Problem is null;

    public static int PlainEncode(ReadOnlySpan<byte> symbols, Span<byte> stream)
    {
        fixed (byte* input = symbols, output = stream)
        {
            return (int)plain_encode(input, symbols.Length, output, stream.Length);
        }
    }

    public static int FastEncode(ReadOnlySpan<byte> symbols, Span<byte> stream)
    {
        fixed (byte* input = symbols, output = stream)
        {
            return (int)fast_encode(input, symbols.Length, output, stream.Length);
        }
    }

    public static void PlainDecode(ReadOnlySpan<byte> stream, Span<byte> symbols)
    {
        fixed (byte* input = stream, output = symbols)
        {
            plain_decode(input, stream.Length, output, symbols.Length);
        }
    }

    public static void FastDecode(ReadOnlySpan<byte> stream, Span<byte> symbols)
    {
        fixed (byte* input = stream, output = symbols)
        {
            fast_decode(input, stream.Length, output, symbols.Length);
        }
    }

    [LibraryImport(Library)]
    private static partial long plain_encode(byte* symbols, long count, byte* stream, long room);

    [LibraryImport(Library)]
    private static partial long fast_encode(byte* symbols, long count, byte* stream, long room);

    [LibraryImport(Library)]
    private static partial void plain_decode(byte* stream, long length, byte* symbols, long count);

    [LibraryImport(Library)]
    private static partial void fast_decode(byte* stream, long length, byte* symbols, long count);

    private static (nint Handle, string? Problem) BuildAndLoad()
    {
        string source = GetSourceFolder();
        string build = Path.Combine(AppContext.BaseDirectory, "native");
        if (!Directory.Exists(source))
        {
            return (0, $"The native coder's source is not at {source}; the managed coder is measured alone.");
        }

        if (!TryRun(["-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release"], out string? problem)
            || !TryRun(["--build", build, "--config", "Release"], out problem))
        {
            return (0, $"No native coder: {problem} Install CMake and a C++ compiler to compare with it; the managed coder is measured alone.");
        }

        foreach (string name in (string[])["libadaptive_coder.so", "libadaptive_coder.dylib", "adaptive_coder.dll", "Release/adaptive_coder.dll"])
        {
            if (NativeLibrary.TryLoad(Path.Combine(build, name), out nint handle))
            {
                NativeLibrary.SetDllImportResolver(
                    Assembly.GetExecutingAssembly(), (library, _, _) => library == Library ? handle : 0);
                return (handle, null);
            }
        }

        return (0, $"The native coder was built, but there is no library to load in {build}; the managed coder is measured alone.");
    }

    private static bool TryRun(string[] arguments, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        ProcessStartInfo start = new("cmake", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                problem = $"cmake failed with «{(errors + output.Result).Trim().Split('\n')[0].Trim()}».";
            }
        }
        catch (Win32Exception)
        {
            problem = "there is no cmake.";
        }

        return problem is null;
    }

    /// <summary>The sources in the repository that this program was built in: builds on CI hide where a source file lay.</summary>
    private static string GetSourceFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ImageCodec.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "benchmarks", "native");
    }
}
