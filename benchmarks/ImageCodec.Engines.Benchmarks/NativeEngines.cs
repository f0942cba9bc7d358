using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>Which of the other engines this machine can load. A column without its engine stays empty.</summary>
/// <param name="HasOnnxRuntime">Whether ONNX Runtime is there.</param>
/// <param name="HasLibTorch">Whether libtorch is there.</param>
/// <param name="Descriptions">For each of them its version, or why it is not there.</param>
internal sealed record NativeEngines(bool HasOnnxRuntime, bool HasLibTorch, IReadOnlyList<string> Descriptions)
{
    /// <summary>Loads them, and gives libtorch its threads, which are set for the whole process.</summary>
    public static NativeEngines Load(int threads)
    {
        // Asks the loader itself: TorchSharp would copy packages about, and name one that it misses.
        string? onnxProblem = ProblemWith("ONNX Runtime", "onnxruntime", typeof(InferenceSession));
        string? torchProblem = ProblemWith("libtorch", "LibTorchSharp", typeof(torch));
        if (torchProblem is null)
        {
            torch.set_num_threads(threads);
        }

        return new NativeEngines(
            onnxProblem is null,
            torchProblem is null,
            [onnxProblem ?? $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}", torchProblem ?? $"libtorch {torch.__version__}"]);
    }

    private static string? ProblemWith(string name, string library, Type type)
    {
        try
        {
            NativeLibrary.Load(library, type.Assembly, searchPath: null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // The loader lists every place where it looked; what is of use is what it found wrong.
            IEnumerable<string> lines = e.Message.Split('\n').Where(line => !line.Contains("No such file", StringComparison.Ordinal));
            return $"{name} can't be loaded: {string.Join(' ', lines).TrimEnd()}";
        }
    }
}
