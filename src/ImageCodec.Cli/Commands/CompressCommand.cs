using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ImageCodec.Imaging;

namespace ImageCodec.Cli.Commands;

/// <summary>Pictures to .icd files.</summary>
internal static class CompressCommand
{
    private const string Name = "compress";
    private const double MaxSeconds = 1_000_000;

    public static Command Create(CommandContext context)
    {
        Argument<string[]> inputs = CommandParts.Files(
            "INPUT", "Pictures: PNG, JPEG, WebP, GIF, BMP, or PNM (PBM, PGM, PPM, PAM); folders of them; or - for standard input. They are turned as their EXIF orientation says.");
        Argument<string> output = CommandParts.File("OUTPUT.icd", "The file to write, - for standard output, or an existing folder.");
        Option<string?> model = CommandParts.Model(
            "NAME_OR_FILE",
            $"A built-in model ('imagecodec models' lists them), or a .safetensors or .pth file of weights. [default: {PretrainedModel.DefaultName}]");
        Option<int?> quality = CommandParts.WholeNumber("--quality", "1..100", 1, 100, "From 1 (smallest file) to 100 (best picture; from 96 on with all values nearly right, 100 is lossless; 'fitted' has only what its levels give).");
        Option<double?> bitsPerPixel = CommandParts.PositiveNumber("--bpp", "X", "Come as near as possible to X bits a pixel, the whole file counted.");
        Option<double?> psnr = CommandParts.PositiveNumber("--psnr", "X", "Come as near as possible to a PSNR of X dB.");
        Option<double?> ssimulacra2 = CommandParts.PositiveNumber(
            "--ssimulacra2", "X", "Come as near as possible to a SSIMULACRA2 score of X, which says how the picture looks: 90 is visually lossless, 70 high, 50 medium quality. Not for 'fitted'.", 100);
        Option<bool> lossless = new("--lossless") { Description = "Keep every pixel exactly; not for 'fitted'." };
        Option<int?> maxError = CommandParts.WholeNumber("--max-error", "N", 0, 32, "Keep every value of every pixel to within N of 255 levels; 0 is lossless; not for 'fitted'.");
        Option<int?> effort = CommandParts.Effort();
        Option<double?> timeLimit = CommandParts.PositiveNumber(
            "--time-limit", "SECONDS", "Stop looking for something better after so long, for each picture, and take what there is; only for 'fitted'.", MaxSeconds);
        Option<bool> noPsnr = new("--no-psnr") { Description = "Do not restore the picture to tell its PSNR, which takes more than half of the time." };
        Option<bool> strip = new("--strip") { Description = "Leave out Exif and XMP, which may say where, when and by whom a picture was taken. Colours and transparency stay." };
        Option<bool> overwrite = CommandParts.Overwrite();
        Option<bool> skipExisting = CommandParts.SkipExisting();
        Option<bool> keepTimes = CommandParts.KeepTimes();
        Option<bool> tolerant = new("--tolerant") { Description = "Read a PNG, JPEG or PNM that is cut short or damaged as far as it goes, with a warning; the rest is grey, black or transparent." };
        Option<int?> maxPixels = CommandParts.MaxPixels();
        Command command = new(Name, "Compresses pictures.")
        {
            inputs, output, model, quality, bitsPerPixel, psnr, ssimulacra2, lossless, maxError, effort, timeLimit, noPsnr, strip, overwrite, skipExisting, keepTimes, tolerant, maxPixels,
        };
        CommandParts.CheckExisting(command, overwrite, skipExisting);
        command.WithLesson(
            "Printed are the file's size, its bits a pixel, the PSNR of what will come out, over all three channels, " +
            "and the time for compressing and restoring (--no-psnr leaves the latter out); on standard error where the file goes to standard output. Without --quality, --bpp, --psnr, --ssimulacra2, --lossless or --max-error the " +
            "model's own default rate is used; with --bpp, --psnr or --ssimulacra2 the level of the model that comes near, and a warning where that is not near. " +
            "Each step of --effort takes about half as long again as the one before, or twice as long with 'fitted'; restoring the picture takes no longer. At one --quality a file may also become larger and better. " +
            "From 4 on, 'photo' also tries the picture mirrored and on its side, which takes twice as long; a file says by its part 'turn' how it was coded. Several inputs, and the pictures of a folder " +
            "and of those below it, whatever their endings, go into a folder under their own names; those that fail are told and left out, and the last line counts them. " +
            "A file that exists is an error unless it is of the same picture and name, from an earlier run. Transparency, grey, the ICC profile, Exif and XMP are kept; " +
            "the line says what there was, and warnings what can't be kept, such as all but the first picture of an animation. A file named - is to be had as ./-.",
            "imagecodec compress photo.png photo.icd",
            "imagecodec compress photo.png photo.icd --bpp 0.5",
            "imagecodec compress photo.png photo.icd --psnr 35 --effort 6",
            "imagecodec compress photo.png photo.icd --ssimulacra2 75",
            "imagecodec compress screenshot.png screenshot.icd --lossless",
            "imagecodec compress photo.png photo.icd --model fitted --effort 5 --time-limit 120",
            "imagecodec compress photos more/*.jpg compressed/",
            "imagecodec compress photos compressed/ --skip-existing --keep-times",
            "convert photo.tiff png:- | imagecodec compress - - > photo.icd",
            "imagecodec compress scan.ppm scan.icd --model mine.safetensors --quality 80");
        command.Validators.Add(result =>
        {
            if (new Option[] { quality, bitsPerPixel, psnr, ssimulacra2, lossless, maxError }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("Give at most one of --quality, --bpp, --psnr, --ssimulacra2, --lossless and --max-error.");
            }

            if (result.GetValue(noPsnr) && (result.GetValue(psnr) ?? result.GetValue(ssimulacra2)) is not null)
            {
                result.AddError("--psnr and --ssimulacra2 need the restored picture; leave --no-psnr out.");
            }
        });
        command.SetAction(parsed => Run(
            context,
            parsed.GetRequiredValue(inputs),
            parsed.GetRequiredValue(output),
            parsed.GetValue(model) ?? PretrainedModel.DefaultName,
            finish => new CompressionOptions
            {
                Quality = parsed.GetValue(quality),
                BitsPerPixel = parsed.GetValue(bitsPerPixel),
                Psnr = parsed.GetValue(psnr),
                Ssimulacra2 = parsed.GetValue(ssimulacra2),
                MaxError = parsed.GetValue(lossless) ? 0 : parsed.GetValue(maxError),
                Effort = parsed.GetValue(effort) ?? 0,
                FinishToken = finish,
                StripMetadata = parsed.GetValue(strip),
            },
            parsed.GetValue(noPsnr),
            CommandParts.Existing(parsed, overwrite, skipExisting),
            parsed.GetValue(keepTimes),
            parsed.GetValue(timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan,
            new ImageReadOptions { MaxPixelCount = parsed.GetValue(maxPixels) ?? ImageCompressor.DefaultMaxPixelCount, IsTolerant = parsed.GetValue(tolerant) }));
        return command;
    }

    private static void Run(
        CommandContext context,
        string[] inputs,
        string output,
        string model,
        Func<CancellationToken, CompressionOptions> makeOptions,
        bool noPsnr,
        ExistingOutput existing,
        bool keepTimes,
        TimeSpan timeLimit,
        ImageReadOptions reading)
    {
        CommandParts.CheckNames(inputs, output);
        ConversionPlan plan = ConversionPlan.Make(inputs, output, model, FileKind.Picture, IcdFile.Extension);
        if (!Directory.Exists(output) && FileKind.Picture.HasEnding(output))
        {
            throw new UsageException($"'{output}' has the ending of a picture, but what is written is an .icd file. The output comes last; several pictures go into a folder.");
        }

        using ImageCompressor compressor = ModelChoice.Load(model);
        compressor.MaxPixelCount = reading.MaxPixelCount;
        CheckTarget(compressor, makeOptions(default));
        using ImageDecompressor decompressor = new(compressor) { MaxPixelCount = reading.MaxPixelCount };

        // A limit of time is for a picture that has the machine to itself.
        int together = timeLimit == Timeout.InfiniteTimeSpan ? PictureBatch.UsualThreads : 1;
        PictureBatch.Run(context, Name, plan, existing, together, (one, item) =>
        {
            RgbImage picture = InputFile.ReadPicture(context, one.Input, reading, item);
            bool replaces = OutputFile.HoldsSomething(one.Output);
            if (replaces && existing == ExistingOutput.Refuse && !EarlierIcd.IsOf(one.Output, one.Input, picture, decompressor, context.CancellationToken))
            {
                throw new CommandException($"'{one.Output}' exists, and by its name, size or looks it is not of '{one.Input}'. Replace it with --overwrite, leave it with --skip-existing, or choose another name.");
            }

            using CancellationTokenSource finish = new(timeLimit);
            CompressionOptions options = makeOptions(finish.Token);
            Stopwatch watch = Stopwatch.StartNew();
            CompressionResult? result = noPsnr ? null : compressor.CompressAndReconstructAsync(picture, options, item, context.CancellationToken).GetAwaiter().GetResult();
            byte[] file = result?.File ?? compressor.CompressAsync(picture, options, item, context.CancellationToken).GetAwaiter().GetResult();
            watch.Stop();
            OutputFile.Write(context, one.Output, file, overwrite: replaces);
            if (keepTimes)
            {
                OutputFile.TakeTime(one.Output, one.Input);
            }

            double bitsPerPixel = Metrics.BitsPerPixel(file.Length, picture.Width, picture.Height);
            if (!(result?.IsTargetReached ?? CompressionResult.IsNear(options, bitsPerPixel)))
            {
                item.Tell(Warning(one.Input, options, bitsPerPixel, result));
            }

            if (one.Input != CommandContext.StandardStream && new FileInfo(one.Input) is { LinkTarget: null, Length: > 0 and var length } && length < file.Length)
            {
                item.Tell($"note: '{one.Output}' is larger than '{one.Input}': {file.Length} bytes, not {length}. A lower --quality makes it smaller.");
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Output}: {picture.Width}×{picture.Height}, {file.Length} bytes, {bitsPerPixel:0.000} bpp, {Quality(result)}{watch.Elapsed.TotalSeconds:0.00} s") + Kept(file);
        });
    }

    private static string Warning(string input, CompressionOptions options, double bitsPerPixel, CompressionResult? result)
    {
        (string wanted, string nearest) = options.BitsPerPixel is { } bits
            ? (Text(bits, "0.####", "bpp"), Text(bitsPerPixel, "0.000", "bpp"))
            : options.Ssimulacra2 is { } score ? (Text(score, "0.##", "points"), Text(result!.Ssimulacra2!.Value, "0.00", "points"))
            : (Text(options.Psnr!.Value, "0.##", "dB"), Psnr(result!) + " dB");
        return $"warning: '{input}' did not come to {wanted}; the nearest that was found is {nearest}.";

        static string Text(double value, string format, string unit) => $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>What the file holds beside colours.</summary>
    private static string Kept(byte[] file)
    {
        IReadOnlyList<IcdBox> boxes = ImageCompressor.Identify(file).Boxes;
        return boxes.Count == 0 ? "" : $", with {string.Join(", ", boxes.Select(box => $"{box.Name} ({box.Length} bytes)"))}";
    }

    /// <summary>Refuses, before any picture is read, a target that the model has no way to.</summary>
    private static void CheckTarget(ImageCompressor compressor, CompressionOptions options)
    {
        try
        {
            compressor.Check(options);
        }
        catch (NotSupportedException e)
        {
            throw new UsageException($"{e.Message} Give --psnr, --bpp or --quality, or another --model.");
        }
    }

    private static string Quality(CompressionResult? result) => result switch
    {
        null => "",
        { Ssimulacra2: { } score } => string.Create(CultureInfo.InvariantCulture, $"PSNR {Psnr(result)} dB, SSIMULACRA2 {score:0.00}, "),
        _ => $"PSNR {Psnr(result)} dB, ",
    };

    private static string Psnr(CompressionResult result) =>
        double.IsInfinity(result.Psnr) ? "inf" : result.Psnr.ToString("0.00", CultureInfo.InvariantCulture);
}
