using System.Globalization;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// Every layer of the four models at 128×128, with one picture and with 16, and every layer of the default model at 768×512; forward and backward, on one
/// thread and on all cores: GFLOP/s and percent of the ceiling measured in the same run. Only useful products count, not those with padding.
/// </summary>
internal static class LayerReport
{
    private static readonly LayerCase[] s_layers =
    [
        Case("conv 3→128 k7 s1, 128²", Convolve(3, 128, 7, 1), new(128, 128, 3), isFirst: true),
        Case("conv 128→32 k5 s1, 64²", Convolve(128, 32, 5, 1), new(64, 64, 128)),
        Case("conv 32→16 k3 s1, 32²", Convolve(32, 16, 3, 1), new(32, 32, 32)),
        Case("conv 3→128 k7 s2, to 64²", Convolve(3, 128, 7, 2), new(128, 128, 3), isFirst: true),
        Case("conv 128→32 k5 s2, to 32²", Convolve(128, 32, 5, 2), new(64, 64, 128)),
        Case("conv 32→16 k3 s2, to 16²", Convolve(32, 16, 3, 2), new(32, 32, 32)),
        Case("conv 128→128 k3 s1, 64²", Convolve(128, 128, 3, 1), new(64, 64, 128)),
        Case("conv 32→32 k3 s1, 32²", Convolve(32, 32, 3, 1), new(32, 32, 32)),
        Case("conv 16→16 k3 s1, 16²", Convolve(16, 16, 3, 1), new(16, 16, 16)),
        Case("transposed 16→32 k3 s2, to 32²", Transpose(16, 32, 3), new(16, 16, 16)),
        Case("transposed 32→128 k5 s2, to 64²", Transpose(32, 128, 5), new(32, 32, 32)),
        Case("transposed 128→3 k7 s2, to 128²", Transpose(128, 3, 7), new(64, 64, 128)),
        Case("conv 3→32 k4 s2, to 64²", Halve(3, 32), new(128, 128, 3), isFirst: true),
        Case("conv 32→64 k4 s2, to 32²", Halve(32, 64), new(64, 64, 32)),
        Case("conv 64→128 k4 s2, to 16²", Halve(64, 128), new(32, 32, 64)),
        Case("conv 128→256 k4 s2, to 8²", Halve(128, 256), new(16, 16, 128)),
        Case("conv 256→512 k4 s2, to 4²", Halve(256, 512), new(8, 8, 256)),
        Case("linear 8192→128", ConvolutionLayer.LinearFromMap(512, 4, 128), new(4, 4, 512)),
        Case("linear 128→8192", ConvolutionLayer.LinearToMap(128, 512, 4), new(1, 1, 128)),
        Case("transposed 512→256 k4 s2, to 8²", Double(512, 256), new(4, 4, 512)),
        Case("transposed 256→128 k4 s2, to 16²", Double(256, 128), new(8, 8, 256)),
        Case("transposed 128→64 k4 s2, to 32²", Double(128, 64), new(16, 16, 128)),
        Case("transposed 64→32 k4 s2, to 64²", Double(64, 32), new(32, 32, 64)),
        Case("transposed 32→3 k4 s2, to 128²", Double(32, 3), new(64, 64, 32)),
    ];

    public static void Print(TextWriter output, string filter)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        int cores = Environment.ProcessorCount;
        double one = Ceiling.Measure(1), all = Ceiling.Measure(cores);
        output.WriteLine(string.Create(culture, $"FMA ceiling: {one:F0} GFLOP/s on one thread, {all:F0} on {cores}."));
        output.WriteLine();
        output.WriteLine($"| layer | batch | forward, 1 thread | forward, {cores} threads | backward, 1 thread | backward, {cores} threads |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        using PhotoParts photo = new();
        foreach (LayerCase layer in s_layers.Concat(photo.Layers).Where(item => item.Name.Contains(filter, StringComparison.Ordinal)))
        {
            foreach (int count in layer.Counts)
            {
                // The ceiling moves with the machine's load, so it is taken anew for each line.
                double ceiling = Ceiling.Measure(1);
                (double forward1, double backward1) = Measure(layer, count, 1);
                (double forwardAll, double backwardAll) = Measure(layer, count, cores);
                output.WriteLine(string.Create(
                    culture,
                    $"| {layer.Name} | {count} | {forward1:F0} ({100 * forward1 / ceiling:F0} %) | {forwardAll:F0} (×{forwardAll / forward1:F2}) | " +
                    $"{backward1:F0} ({100 * backward1 / ceiling:F0} %) | {backwardAll:F0} (×{backwardAll / backward1:F2}) |"));
            }
        }
    }

    /// <summary>GFLOP/s forward and backward; the first layer of a network has no gradient to hand on.</summary>
    private static (double Forward, double Backward) Measure(LayerCase item, int count, int threads)
    {
        (ConvolutionLayer layer, TensorShape shape) = (item.Layer, item.Input);
        using Workspace workspace = new();
        RandomSource random = new(1);
        foreach ((_, Parameter parameter) in layer.Parameters)
        {
            Fill(random, parameter.Values);
            parameter.Changed();
        }

        float[] values = new float[count * shape.Length];
        Fill(random, values);
        double forward = Stopwatches.Best(() =>
        {
            using ComputeScope scope = new(workspace, threads);
            Tensor input = scope.Create(count, shape);
            values.CopyTo(input.Span);
            return Stopwatches.Time(item.IsForHalf ? () => layer.ForwardHalf(scope, input, half: 1) : () => layer.Forward(scope, input), threads);
        });
        double backward = Stopwatches.Best(() =>
        {
            using ComputeScope scope = new(workspace, threads, recording: true);
            Tensor input = scope.Create(count, shape);
            values.CopyTo(input.Span);
            input.NeedsGradient = !item.IsFirst;
            Tensor output = layer.Forward(scope, input);
            scope.GradientOf(output).Span.Fill(0.01f);
            return Stopwatches.Time(scope.Backward, threads);
        });
        double operations = 2e-9 * count * layer.CountOperations(shape);
        return ((item.IsForHalf ? 0.5 : 1) * operations / forward, (item.IsFirst ? 1 : 2) * operations / backward);
    }

    private static void Fill(RandomSource random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = random.NextSingle(-0.1f, 0.1f);
        }
    }

    private static LayerCase Case(string name, ConvolutionLayer layer, TensorShape input, bool isFirst = false) =>
        new(name, layer, input, isFirst, IsForHalf: false, [1, 16]);

    private static ConvolutionLayer Convolve(int inputs, int outputs, int kernel, int stride) =>
        ConvolutionLayer.Convolve(inputs, outputs, kernel, stride, kernel / 2, Activation.Relu);

    private static ConvolutionLayer Transpose(int inputs, int outputs, int kernel) =>
        ConvolutionLayer.Transpose(inputs, outputs, kernel, 2, kernel / 2, 1, outputs == 3 ? Activation.Sigmoid : Activation.Relu);

    private static ConvolutionLayer Halve(int inputs, int outputs) => ConvolutionLayer.Convolve(inputs, outputs, 4, 2, 1, Activation.Relu);

    private static ConvolutionLayer Double(int inputs, int outputs) =>
        ConvolutionLayer.Transpose(inputs, outputs, 4, 2, 1, 0, outputs == 3 ? Activation.Sigmoid : Activation.Relu);
}
