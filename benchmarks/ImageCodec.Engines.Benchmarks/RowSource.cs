using ImageCodec.Benchmarks.Networks;
using ImageCodec.Models;
using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>What is compared.</summary>
/// <param name="threads">Threads that each engine uses.</param>
/// <param name="engines">The engines that there are.</param>
internal sealed class RowSource(int threads, NativeEngines engines)
{
    /// <summary>The models whose layers PyTorch and ONNX Runtime have too, and that compress by their encoder and decoder alone.</summary>
    private static readonly string[] SeedModels = [Architectures.Baseline, Architectures.Strided, Architectures.Residual, Architectures.Vae];

    /// <summary>A picture of 4000×3000 in whole blocks.</summary>
    private static readonly TensorShape LargePicture = new(3008, 4032, 3);

    private static readonly TensorShape SmallPicture = new(TrainingRun.Side, TrainingRun.Side, 3);

    /// <summary>The names that there are.</summary>
    public static IReadOnlyList<string> Models { get; } = [.. SeedModels, Architectures.Hyperprior, PretrainedModel.DefaultName];

    /// <summary>
    /// The rows of some models, each to be done with before the next one is asked for. Training comes last: the library keeps more memory from then on, which would
    /// help what comes after it.
    /// </summary>
    public IEnumerable<Row> RowsOf(IReadOnlyList<string> models) => models.Where(SeedModels.Contains).SelectMany(SeedRows)
        .Concat(models.Where(model => model == PretrainedModel.DefaultName).SelectMany(_ => PhotoRows()))
        .Concat(models.Where(model => model != PretrainedModel.DefaultName).Select(TrainingRow));

    private IEnumerable<Row> SeedRows(string architecture)
    {
        using Autoencoder model = ModelFactory.Create(architecture, seed: 1);
        Network network = model.Network;
        foreach (int count in (int[])[1, 16])
        {
            foreach ((string what, Layer layer, TensorShape input) in ((string, Layer, TensorShape)[])
                [("encoder", network.Encoder, SmallPicture), ("decoder", network.Decoder, network.Encoder.OutputShape(SmallPicture))])
            {
                ForwardCase forward = new(layer, input, count);
                Entry ours = new(Engine.ImageCodec, () => new LayerRun(forward, model.Workspace, threads));
                yield return new Row(architecture, what, count, [ours, .. Others(forward)]);
            }
        }
    }

    private IEnumerable<Row> PhotoRows()
    {
        using PhotoParts parts = new();
        foreach (PhotoTransform transform in parts.Transforms)
        {
            ForwardCase forward = new(transform.Layer, transform.Input, Count: 1, transform.IsForHalf);
            yield return Row(transform.Name, forward, () => new LayerRun(forward, parts.Workspace, threads));
        }

        // In one piece for the other engines; the library works in tiles, so that memory is bounded.
        Network network = parts.Network;
        EncoderTransform encoder = new(network, parts.Workspace, threads);
        DecoderTransform decoder = new(network, parts.Workspace, threads);
        ForwardCase analysis = new(network.Encoder, LargePicture, Count: 1);
        ForwardCase synthesis = new(network.Decoder, analysis.Output, Count: 1);
        yield return Row("analysis, 12 MP", analysis, () => new TiledRun(analysis, (input, output) => encoder.Encode(input, analysis.Input, output)));
        yield return Row("synthesis, 12 MP", synthesis, () => new TiledRun(synthesis, (input, output) => decoder.Decode(input, synthesis.Input, output)));

        Row Row(string what, ForwardCase forward, Func<IContender> ours) =>
            new(PretrainedModel.DefaultName, what, forward.Count, [new Entry(Engine.ImageCodec, ours), .. Others(forward)]);
    }

    private Row TrainingRow(string architecture) => new(architecture, "training step", TrainingRun.Count,
    [
        new Entry(Engine.ImageCodec, () => TrainingRun.Managed(architecture, threads)),
        .. engines.HasLibTorch ? [new Entry(Engine.LibTorch, () => TrainingRun.Torch(architecture))] : Array.Empty<Entry>(),
    ]);

    private IEnumerable<Entry> Others(ForwardCase forward)
    {
        if (engines.HasOnnxRuntime)
        {
            yield return new Entry(Engine.OnnxRuntime, () => new OnnxRun(forward, threads));
        }

        if (engines.HasLibTorch)
        {
            foreach (bool isChannelsLast in (bool[])[false, true])
            {
                yield return new Entry(
                    Engine.LibTorch,
                    () => new TorchRun(forward, isChannelsLast, isPadded: false),
                    () => new TorchRun(forward, isChannelsLast, isPadded: true));
            }
        }
    }
}
