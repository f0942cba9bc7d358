using System.Globalization;
using ImageCodec.PriorTraining;
using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

const string Usage = """
    Trains the prior of the model «fitted»: the networks that fits begin with.

    train LAYOUT LIST MINUTES OUTPUT [START]   trains networks on the pictures that LIST names, a path a line; START is what to go on with: an output, or WEIGHTS
    shrink NETWORKS OUTPUT                     makes networks of the layout small to start with, of some that train wrote for large
    means LAYOUT NETWORKS WEIGHTS              puts the networks that train wrote into the weights file
    scales LAYOUT LIST WEIGHTS                 measures how far fits go from the library's prior, and puts that into the weights file

    LAYOUT is small or large, WEIGHTS src/ImageCodec.Models/Weights/fitted.safetensors. Build between the steps; at last fill in the card, with the test
    that docs/fitted.md names.
    """;

switch (args)
{
    case ["train", var layout, var list, var minutes, var output, .. { Length: <= 1 } start]:
        new PriorTrainer(Networks(LayoutOf(layout), start), Source(list)).Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), output);
        return 0;
    case ["shrink", var large, var output]:
        AnchorNetworks.Read(large, FittedLayout.Large).Shrink(FittedLayout.Small).Write(output);
        return 0;
    case ["means", var layout, var trained, var weights]:
        AnchorNetworks finished = AnchorNetworks.Read(trained, LayoutOf(layout));
        FittedLayout size = finished.Layout;
        Replace(
            weights, FittedPriors.MeansName(size), [finished.Count, size.Count],
            Enumerable.Range(0, finished.Count).SelectMany(anchor => finished[anchor].Select((value, i) => ToInteger(size, i, value))));
        return 0;
    case ["scales", var layout, var list, var weights]:
        FittedLayout measured = LayoutOf(layout);
        Replace(weights, FittedPriors.ScalesName(measured), [measured.Count], PriorScales.Measure(measured, Source(list)).Select(scale => (float)scale));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static FittedLayout LayoutOf(string name) => FittedLayout.All.FirstOrDefault(layout => layout.Name == name)
    ?? throw new ArgumentException($"There is no layout «{name}»; there are small and large.", nameof(name));

static AnchorNetworks Networks(FittedLayout layout, string[] start) => start switch
{
    [] => AnchorNetworks.Start(layout),
    [var path, ..] when path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) => AnchorNetworks.FromWeights(path, layout),
    [var path, ..] => AnchorNetworks.Read(path, layout),
};

static CropSource Source(string list) => new([.. File.ReadLines(list).Where(line => line.Length > 0)]);

// Half precision holds integers of 11 bits; larger ones lose their last bits, and the largest must not reach 2^15.
static float ToInteger(FittedLayout layout, int parameter, float value) => Math.Clamp(MathF.Round(value * (1 << layout.FractionalBits(parameter))), -32704, 32704);

static void Replace(string path, string name, int[] shape, IEnumerable<float> values)
{
    WeightsFile old = WeightsFile.Read(File.ReadAllBytes(path));
    NamedTensor[] tensors = [.. old.Tensors.Select(tensor => tensor.Name == name ? new NamedTensor(name, shape, [.. values]) : tensor)];
    File.WriteAllBytes(path, Safetensors.ToBytes(new WeightsFile(tensors, old.Metadata), WeightPrecision.Half));
}
