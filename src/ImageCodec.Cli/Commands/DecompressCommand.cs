using System.CommandLine;

namespace ImageCodec.Cli.Commands;

/// <summary>An .icd file to a picture.</summary>
internal static class DecompressCommand
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".ppm", ".pnm", ".pgm"];

    public static Command Create(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT.icd", "The compressed picture.");
        Argument<string> output = CommandParts.File("OUTPUT.png", "The picture to write; its ending says the format: .png, .ppm, .pnm, .pgm, or .jpg and .jpeg, which lose a little once more. An older one is replaced.");
        Option<string?> model = CommandParts.Text(
            "--model", "FILE",
            "The weights that the file was compressed with, where they are not built in. A file names its codec, so built-in ones are found by themselves.");
        Option<int?> maxPixels = CommandParts.MaxPixels();
        Command command = new("decompress", "Restores a picture.") { input, output, model, maxPixels };
        command.WithLesson(
            "The pixels are the same on every machine, and but for JPEG just those whose PSNR 'imagecodec compress' printed.",
            "imagecodec decompress photo.icd photo.png",
            "imagecodec decompress scan.icd scan.ppm --model mine.safetensors");
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is { Tokens: [{ } token] } && !Endings.Contains(Path.GetExtension(token.Value), StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"The output '{token.Value}' must end with one of {string.Join(", ", Endings)}.");
            }
        });
        command.SetAction(parsed => Run(
            context,
            parsed.GetRequiredValue(input),
            parsed.GetRequiredValue(output),
            parsed.GetValue(model),
            parsed.GetValue(maxPixels) ?? ImageCompressor.DefaultMaxPixelCount));
        return command;
    }

    private static void Run(CommandContext context, string input, string output, string? model, int maxPixels)
    {
        (IcdFile icd, byte[] file) = InputFile.ReadIcd(input);
        OutputFile.Check(output, input, model);
        using ImageCompressor compressor = model is null ? ModelChoice.LoadFor(input, icd) : ModelChoice.Load(model);
        compressor.MaxPixelCount = maxPixels;
        RgbImage picture;
        try
        {
            picture = compressor.Decompress(file, context.CancellationToken);
        }
        catch (InvalidFileException e)
        {
            throw new CommandException($"'{input}' can't be restored: {e.Message}", e);
        }

        OutputFile.Write(output, picture, context.CancellationToken);
        context.Output.WriteLine($"{output}: {picture.Width}×{picture.Height}");
    }
}
