using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ImageCodec.Cli.Commands;

/// <summary>A picture to an .icd file.</summary>
internal static class CompressCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT", "The picture: PNG, JPEG, or PNM (PPM, PGM). A JPEG is turned as its EXIF orientation says.");
        Argument<string> output = CommandParts.File("OUTPUT.icd", "The file to write. An older one is replaced.");
        Option<string?> model = CommandParts.Text(
            "--model", "NAME_OR_FILE",
            $"A built-in model ('imagecodec models' lists them), or a .safetensors or .pth file of weights. [default: {PretrainedModel.DefaultName}]");
        Option<int?> quality = CommandParts.WholeNumber("--quality", "1..100", 1, 100, "From 1 (smallest file) to 100 (best picture).");
        Option<double?> bitsPerPixel = CommandParts.PositiveNumber("--bpp", "X", "Come as near as possible to X bits a pixel, the whole file counted.");
        Option<double?> psnr = CommandParts.PositiveNumber("--psnr", "X", "Come as near as possible to a PSNR of X dB.");
        Option<int?> maxPixels = CommandParts.MaxPixels();
        Command command = new("compress", "Compresses a picture.") { input, output, model, quality, bitsPerPixel, psnr, maxPixels };
        command.WithLesson(
            "The picture is decoded again at once. Printed are the file's size, its bits a pixel, the PSNR of what will come out, over all three channels, " +
            "and the time for both ways. Without --quality, --bpp or --psnr the model's own default rate is used; with one of them, the rate " +
            "setting of the model that comes nearest.",
            "imagecodec compress photo.png photo.icd",
            "imagecodec compress photo.png photo.icd --bpp 0.5",
            "imagecodec compress scan.ppm scan.icd --model mine.safetensors --quality 80");
        command.Validators.Add(result =>
        {
            if (new Option[] { quality, bitsPerPixel, psnr }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("Give at most one of --quality, --bpp and --psnr.");
            }
        });
        command.SetAction(parsed => Run(
            context,
            parsed.GetRequiredValue(input),
            parsed.GetRequiredValue(output),
            parsed.GetValue(model) ?? PretrainedModel.DefaultName,
            new CompressionOptions
            {
                Quality = parsed.GetValue(quality),
                BitsPerPixel = parsed.GetValue(bitsPerPixel),
                Psnr = parsed.GetValue(psnr),
            },
            parsed.GetValue(maxPixels) ?? ImageCompressor.DefaultMaxPixelCount));
        return command;
    }

    private static void Run(CommandContext context, string input, string output, string model, CompressionOptions options, int maxPixels)
    {
        RgbImage picture = InputFile.ReadPicture(input, maxPixels, context.CancellationToken);
        OutputFile.Check(output, input, model);
        using ImageCompressor compressor = ModelChoice.Load(model);
        compressor.MaxPixelCount = maxPixels;
        Stopwatch watch = Stopwatch.StartNew();
        CompressionResult result = compressor.CompressAndReconstruct(picture, options, context.CancellationToken);
        watch.Stop();
        OutputFile.Write(output, result.File);
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {picture.Width}×{picture.Height}, {result.File.Length} bytes, {result.BitsPerPixel:0.000} bpp, " +
            $"PSNR {(double.IsInfinity(result.Psnr) ? "inf" : result.Psnr.ToString("0.00", CultureInfo.InvariantCulture))} dB, " +
            $"{watch.Elapsed.TotalSeconds:0.00} s"));
    }
}
