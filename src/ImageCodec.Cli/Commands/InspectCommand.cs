using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ImageCodec.Cli.Commands;

/// <summary>What an .icd file, or a picture file, says of itself.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT.icd", "The compressed picture, or a PNG, JPEG or PNM picture, or - for standard input.");
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object: file, version, codec, model (or null), width, height, bytes, bpp; of a picture: file, format, width, height, bytes.",
        };
        Command command = new("inspect", "Checks a compressed file and prints its header; or that of a picture.") { input, json };
        command.WithLesson(
            "No network is run. Printed are the version of the format, the codec (a fingerprint of the weights) with the model's name if it is built in, " +
            "width, height, bytes and bits a pixel. Of a picture the header alone is read, and its format (PNG, JPEG, PPM, PPM16, PGM or PGM16), width and " +
            "height after turning, and bytes are printed.",
            "imagecodec inspect photo.icd", "imagecodec inspect photo.icd --json", "imagecodec inspect photo.png");
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(input), parsed.GetValue(json)));
        return command;
    }

    private static void Run(CommandContext context, string input, bool json)
    {
        byte[] file = InputFile.Read(context, input);
        if (!IcdFile.IsIcd(file))
        {
            PrintPicture(context, input, file, json);
            return;
        }

        IcdFile icd = InputFile.ParseIcd(input, file);
        string? model = PretrainedModel.Find(icd.Fingerprint)?.Name;
        if (json)
        {
            InspectReport report = new(input, icd.Version, icd.Fingerprint.ToString(), model, icd.Width, icd.Height, icd.FileLength, icd.BitsPerPixel);
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
