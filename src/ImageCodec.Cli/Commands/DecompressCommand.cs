using System.CommandLine;
using System.Globalization;
using ImageCodec.Imaging;

namespace ImageCodec.Cli.Commands;

/// <summary>.icd files to pictures.</summary>
internal static class DecompressCommand
{
    private const string Name = "decompress";
    private const string UsualEnding = ".png";

    private static readonly string[] Endings = [UsualEnding, ".jpg", ".jpeg", ".ppm", ".pnm", ".pgm", OutputFile.WebpEnding];

    public static Command Create(CommandContext context)
    {
        Argument<string[]> inputs = CommandParts.Files("INPUT.icd", "Compressed pictures, folders of them, or - for standard input.");
        Argument<string> output = CommandParts.File(
            "OUTPUT.png",
            "The picture to write; its ending says the format: .png, .ppm, .pnm, .pgm, or .jpg, .jpeg and .webp, which lose a little once more. " +
            "Or an existing folder, or - for standard output, which both get PNG.");
        Option<string?> model = CommandParts.Model(
            "FILE", "The weights that the files were compressed with, where they are not built in. A file names its codec, so built-in ones are found by themselves.");
        Option<string?> scale = CommandParts.Choice(
            "--scale", string.Join('|', DecompressionOptions.Scales), [.. DecompressionOptions.Scales.Select(one => one.ToString(CultureInfo.InvariantCulture))],
            "What to divide the picture's sides by, with as much less work; only files of 'fitted' hold other scales than 1. [default: 1]");
        Option<bool> prefix = new("--prefix")
        {
            Description = "Take files of 'fitted' that were cut short, as long as they hold the scale ('inspect' of the whole file says how much that is). No checksum is " +
                "checked then, so damage may show as a wrong picture.",
        };
        Option<bool> overwrite = CommandParts.Overwrite();
        Option<bool> skipExisting = CommandParts.SkipExisting();
        Option<bool> keepTimes = CommandParts.KeepTimes();
        Option<int?> maxPixels = CommandParts.MaxPixels();
        Command command = new(Name, "Restores pictures.") { inputs, output, model, scale, prefix, overwrite, skipExisting, keepTimes, maxPixels };
        CommandParts.CheckExisting(command, overwrite, skipExisting);
        command.WithLesson(
            "The pixels are the same on every machine, and but for JPEG and WebP just those whose PSNR 'imagecodec compress' printed. Several inputs, and the files " +
            "of a folder and of those below it, go into a folder under their own names; those that fail are told and left out, and the last line counts them. A file that exists is an error.",
            "imagecodec decompress photo.icd photo.png",
            "imagecodec decompress compressed restored/",
            "imagecodec decompress photo.icd - | display",
            "imagecodec decompress photo.icd small.png --scale 4",
            "imagecodec decompress scan.icd scan.ppm --model mine.safetensors");
        command.SetAction(parsed => Run(
            context,
            parsed.GetRequiredValue(inputs),
            parsed.GetRequiredValue(output),
            parsed.GetValue(model),
            new DecompressionOptions { Scale = int.Parse(parsed.GetValue(scale) ?? "1", CultureInfo.InvariantCulture) },
            parsed.GetValue(prefix),
            CommandParts.Existing(parsed, overwrite, skipExisting),
            parsed.GetValue(keepTimes),
            parsed.GetValue(maxPixels) ?? ImageCompressor.DefaultMaxPixelCount));
        return command;
    }

    private static void Run(
        CommandContext context,
        string[] inputs,
        string output,
        string? model,
        DecompressionOptions options,
        bool isPrefix,
        ExistingOutput existing,
        bool keepTimes,
        int maxPixels)
    {
        CommandParts.CheckNames(inputs, output);
        if (output != CommandContext.StandardStream
            && !Directory.Exists(output)
            && !Endings.Contains(Path.GetExtension(output), StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException($"The output '{output}' must end with one of {string.Join(", ", Endings)}, or be an existing folder.");
        }

        ConversionPlan plan = ConversionPlan.Make(inputs, output, model, FileKind.Icd, UsualEnding);
        using ImageCompressor? given = model is null ? null : ModelChoice.Load(model);
        given?.MaxPixelCount = maxPixels;
        using ImageDecompressor builtIn = new() { MaxPixelCount = maxPixels };
        bool overwrite = existing == ExistingOutput.Overwrite;
        PictureBatch.Run(context, Name, plan, existing, PictureBatch.UsualThreads, (one, item) =>
        {
            OutputFile.CheckIsFree(one.Output, overwrite);
            (IcdFile icd, byte[] file) = isPrefix ? InputFile.ReadIcdPrefix(context, one.Input) : InputFile.ReadIcd(context, one.Input);
            InputFile.CheckSize(one.Input, icd.Width, icd.Height, maxPixels);
            item.WaitForRoom((long)icd.Width * icd.Height, context.CancellationToken);
            RgbImage picture = Explain(one.Input, icd, given, () => isPrefix
                ? given?.DecompressPrefix(file, options, context.CancellationToken) ?? builtIn.DecompressPrefix(file, options, context.CancellationToken)
                : (given?.DecompressAsync(file, options, item, context.CancellationToken)
                    ?? builtIn.DecompressAsync(file, options, item, context.CancellationToken)).GetAwaiter().GetResult());
            OutputFile.Write(context, one.Output, picture, overwrite, item.Tell);
            if (keepTimes)
            {
                OutputFile.TakeTime(one.Output, one.Input);
            }

            return $"{one.Output}: {picture.Width}×{picture.Height}";
        });
    }

    /// <summary>Restores a picture, and says in our words why it can't be.</summary>
    private static RgbImage Explain(string input, IcdFile icd, ImageCompressor? given, Func<RgbImage> restore)
    {
        try
        {
            return restore();
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"'{input}' can't be restored so: {e.Message} Leave --scale and --prefix out.", e);
        }
        catch (InvalidFileException e) when (given is null && PretrainedModel.Find(icd.Fingerprint) is null)
        {
            throw new CommandException($"'{input}' needs the codec {icd.Fingerprint}, which is not {ModelChoice.BuiltIn}. Give its weights with --model FILE.", e);
        }
        catch (InvalidFileException e)
        {
            string advice = given is null || given.Fingerprint == icd.Fingerprint
                ? "Get another copy of it, or compress the picture anew."
                : "Give the weights that it was compressed with; built-in ones are found without --model.";
            throw new CommandException($"'{input}' can't be restored: {e.Message} {advice}", e);
        }
    }
}
