using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ImageCodec.Models.Fitted;

namespace ImageCodec.Cli.Commands;

/// <summary>What an .icd file, or a picture file, says of itself.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT.icd", "The compressed picture, or a PNG, JPEG or PNM picture, or - for standard input.");
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object: file, version, codec, model (or null), width, height, bytes, bpp, boxes (of name, bytes); for files of 'fitted' also fitted, an object of level, decoder, " +
                "parameters, decoderKmacPerPixel and scales (of scale, width, height, bytes); of a picture: file, format, width, height, bytes.",
        };
        Option<int?> maxPixels = CommandParts.MaxPixels();
        Command command = new("inspect", "Checks a compressed file and prints its header; or that of a picture.") { input, json, maxPixels };
        command.WithLesson(
            "No pixel is made. Printed are the version of the format, the codec (a fingerprint of the weights) with the model's name if it is built in, " +
            "width, height, bytes, bits a pixel, and what the file has beside colours: icc, exif, xmp, cicp, gamma, grey, alpha, residual (what makes it exact, or nearly so), turn (the codec saw it mirrored or on its side). Of a file of 'fitted' all numbers are read, and its level, its decoder and its scales are printed too: each with how " +
            "many of the file's first bytes it needs. Of a picture the header alone is read, and its format (PNG, JPEG, PPM, PPM16, PGM or PGM16), width and " +
            "height after turning, and bytes are printed.",
            "imagecodec inspect photo.icd", "imagecodec inspect photo.icd --json", "imagecodec inspect photo.png");
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(input), parsed.GetValue(json), parsed.GetValue(maxPixels) ?? ImageCompressor.DefaultMaxPixelCount));
        return command;
    }

    private static void Run(CommandContext context, string input, bool json, int maxPixels)
    {
        byte[] file = InputFile.Read(context, input);
        if (!IcdFile.IsIcd(file))
        {
            PrintPicture(context, input, file, json);
            return;
        }

        IcdFile icd = InputFile.ParseIcd(input, file);
        string? model = PretrainedModel.Find(icd.Fingerprint)?.Name;
        FittedReport? fitted = model == FittedPriors.ModelName ? ReadFitted(context, input, icd, file, maxPixels) : null;
        if (json)
        {
            InspectReport report = new(input, icd.Version, icd.Fingerprint.ToString(), model, icd.Width, icd.Height, icd.FileLength, icd.BitsPerPixel, [.. icd.Boxes.Select(box => new BoxReport(box.Name, box.Length))])
            {
                Fitted = fitted,
            };
            context.Output.WriteLine(JsonSerializer.Serialize(report, JsonReports.Default.InspectReport));
            return;
        }

        context.Output.WriteLine($"version  {icd.Version}");
        context.Output.WriteLine($"codec    {icd.Fingerprint}");
        context.Output.WriteLine($"model    {model ?? "not built in; decompress needs --model FILE"}");
        context.Output.WriteLine($"width    {icd.Width}");
        context.Output.WriteLine($"height   {icd.Height}");
        context.Output.WriteLine($"bytes    {icd.FileLength}");
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bpp      {icd.BitsPerPixel:0.000}"));
        foreach (IcdBox box in icd.Boxes)
        {
            context.Output.WriteLine($"{box.Name,-8} {box.Length} bytes");
        }

        if (fitted is not null)
        {
            Print(context.Output, fitted);
        }
    }

    private static FittedReport ReadFitted(CommandContext context, string input, IcdFile icd, byte[] file, int maxPixels)
    {
        InputFile.CheckSize(input, icd.Width, icd.Height, maxPixels);
        FittedInfo info = InputFile.ParseFitted(input, file, maxPixels, context.CancellationToken);
        return new FittedReport(
            info.Level,
            info.DecoderSize,
            info.ParameterCount,
            Math.Round(info.DecoderOperationsPerPixel / 1000, 3),
            [.. info.Scales.Select(scale => new ScaleReport(scale.Scale, scale.Width, scale.Height, scale.FileLength))]);
    }

    private static void Print(TextWriter output, FittedReport fitted)
    {
        output.WriteLine($"level    {fitted.Level}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"decoder  {fitted.Decoder}, {fitted.Parameters:#,0} parameters, {fitted.DecoderKmacPerPixel:0.0} kMAC a pixel"));
        foreach (ScaleReport scale in fitted.Scales)
        {
            output.WriteLine($"1/{scale.Scale}      {scale.Width}×{scale.Height} in the first {scale.Bytes} bytes");
        }
    }

    private static void PrintPicture(CommandContext context, string input, byte[] file, bool json)
    {
        ImageFileInfo info = InputFile.Identify(input, file);
        string format = info.Format.ToString().ToUpperInvariant();
        if (json)
        {
            PictureReport report = new(input, format, info.Width, info.Height, file.Length);
            context.Output.WriteLine(JsonSerializer.Serialize(report, JsonReports.Default.PictureReport));
            return;
        }

        context.Output.WriteLine($"format   {format}");
        context.Output.WriteLine($"width    {info.Width}");
        context.Output.WriteLine($"height   {info.Height}");
        context.Output.WriteLine($"bytes    {file.Length}");
    }
}
