using System.Globalization;
using System.Runtime.InteropServices;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// The default model's transforms with its weights, for a picture of 768×512, as lines «photo what batch milliseconds» for compare_with_pytorch.py; and files
/// of what goes in and what comes out, so that it can be compared too.
/// </summary>
internal static class TransformReport
{
    /// <summary>Prints the report.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="threads">Threads to use at most; 0 for all cores.</param>
    /// <param name="seconds">For how long each is repeated.</param>
    /// <param name="folder">Where inputs and outputs go, as bare floats in files NAME.input and NAME.output; null for nowhere.</param>
    public static void Print(TextWriter output, int threads, double seconds, string? folder)
    {
        using PhotoParts parts = new();
        foreach (PhotoTransform transform in parts.Transforms)
        {
            float[] values = new float[transform.Input.Length];
            RandomSource random = new(1);
            foreach (ref float value in values.AsSpan())
            {
                value = random.NextSingle();
            }

            if (folder is not null)
            {
                using ComputeScope scope = new(parts.Workspace, threads);
                Write(folder, $"{transform.Name}.input", values);
                Write(folder, $"{transform.Name}.output", transform.Run(scope, Input(scope, transform, values)).Span);
            }

            double time = Stopwatches.Best(
                () =>
                {
                    using ComputeScope scope = new(parts.Workspace, threads);
                    Tensor input = Input(scope, transform, values);
                    return Stopwatches.Time(() => transform.Run(scope, input), threads);
                },
                seconds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PretrainedModel.DefaultName} {transform.Name} 1 {time * 1000:F3}"));
            output.Flush();
        }
    }

    private static Tensor Input(ComputeScope scope, PhotoTransform transform, float[] values)
    {
        Tensor input = scope.Create(1, transform.Input);
        values.CopyTo(input.Span);
        return input;
    }

    private static void Write(string folder, string name, ReadOnlySpan<float> values)
    {
        using FileStream file = File.Create(Path.Combine(folder, name));
        file.Write(MemoryMarshal.AsBytes(values));
    }
}
