using System.Globalization;
using ImageCodec;
using ImageCodec.Models;
using ImageCodec.Training;

// Trains one of the library's architectures on the pictures of a folder, and compresses one of them with what was learnt.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [string folder, string weights, .. string[] rest])
{
    Console.Error.WriteLine($"Give FOLDER WEIGHTS.safetensors [ARCHITECTURE [EPOCHS [CROP]]]; there are the architectures {string.Join(", ", ModelFactory.Architectures)}.");
    return 2;
}

Trainer trainer = new(new TrainingOptions
{
    Folder = folder,
    OutputPath = weights,
    Architecture = rest is [string architecture, ..] ? architecture : ModelFactory.Architectures[0],
    Epochs = rest is [_, string epochs, ..] ? int.Parse(epochs) : 100,
    CropSize = rest is [_, _, string crop] ? int.Parse(crop) : 128,
    BatchSize = 4,
});

// Ctrl-C stops with a checkpoint; the same options with Resume go on from there.
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
ValidationResult best = trainer.Run(new Lines(), stop.Token);
Console.WriteLine($"best: {best.Psnr:0.00} dB at {best.BitsPerPixel:0.000} bpp, of epoch {best.Epoch}");

using ImageCompressor compressor = ImageCompressor.Load(weights);
string first = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).First();
CompressionResult result = compressor.CompressAndReconstruct(ImageFile.Read(first));
Console.WriteLine($"{Path.GetFileName(first)}: {result.File.Length} bytes, {result.Psnr:0.00} dB");
return 0;

/// <summary>A line for each epoch, written by the thread that trains, so that none comes late.</summary>
internal sealed class Lines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => Console.WriteLine($"epoch {value.Epoch} of {value.Epochs}: loss {value.Loss:0.000}");
}
