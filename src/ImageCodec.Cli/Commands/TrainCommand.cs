using System.CommandLine;
using System.Globalization;
using ImageCodec.Models;
using ImageCodec.Training;

namespace ImageCodec.Cli.Commands;

/// <summary>A folder of pictures to weights.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        TrainingOptions usual = new() { Folder = "", Architecture = "", OutputPath = "" };
        static string With(string text, IFormattable value) => string.Create(CultureInfo.InvariantCulture, $"{text} [default: {value}]");

        Argument<string[]> folders = new("FOLDER")
        {
            Description = "The folders with the pictures (PNG, JPEG, PNM), those in folders below included. Hidden files are not looked at.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> architecture = CommandParts.Choice(
            "--model", "ARCH", ModelFactory.Architectures, $"The architecture: {string.Join(", ", ModelFactory.Architectures)}.");
        architecture.Required = true;
        Option<string?> output = CommandParts.Text(
            "--output", "FILE.safetensors", "Where the weights go. Beside it lie the run's checkpoint (.checkpoint) and log (.csv).");
        output.Required = true;
        Option<string?> start = CommandParts.Text(
            "--start-from", "FILE",
            "Begin with weights of the same architecture, or of one that differs by residual blocks, strides or pooling alone, in place of random ones.");
        Option<bool> overwrite = new("--overwrite") { Description = "Replace older weights and their log." };
        Option<bool> skipUnreadable = new("--skip-unreadable") { Description = "Leave out pictures that can't be read, with a line for each. By default they are an error that names them all." };
        Option<bool> resume = new("--resume") { Description = "Go on from the checkpoint; all other options must be the same." };
        Option<string?> recipe = CommandParts.Choice(
            "--recipe", "RECIPE", ["rd", "noise"], "'rd' for bits and distortion together, 'noise' for squared error alone with noise on the latent. [default: rd]");
        Option<int?> epochs = CommandParts.WholeNumber(
            "--epochs", "N", 0, int.MaxValue,
            With("Times that every picture is seen. With 0 and --start-from, only what is fitted beside the weights is, such as the tables of 'hyperprior'.", usual.Epochs));
        Option<int?> batch = CommandParts.WholeNumber("--batch", "N", 1, 4096, With("Pictures in a step.", usual.BatchSize));
        Option<double?> rate = CommandParts.PositiveNumber("--learning-rate", "X", With("The learning rate of Adam, at its peak.", usual.LearningRate));
        Option<double?> lambda = CommandParts.PositiveNumber("--lambda", "X", With("The price of distortion: bpp + X · MSE is minimised.", usual.Lambda));
        Option<int?> bits = CommandParts.WholeNumber("--bits", "1..8", 1, 8, With("Bits of a symbol, and the default level afterwards; not for VAEs.", usual.Bits));
        Option<double?> mixing = CommandParts.PositiveNumber("--mixing", "X", "The share of pictures that are mixed with another, up to 1. [default: 0]", 1);
        Option<string?> weightBits = CommandParts.Choice(
            "--weight-bits", "BITS", ["8", "16", "32"], With("Bits of a weight in the output; 8 come with a scale for each channel.", usual.WeightBits));
        Option<int?> crop = CommandParts.WholeNumber("--crop", "N", 1, 4096, With("The side of the squares cut from the pictures.", usual.CropSize));
        Option<int[]> intervals = CommandParts.WholeNumbers(
            "--validation-interval", "N", 2, With(
                "One picture in N is kept for validation, the first in ordinal order included. Give it once for all folders or once for each.",
                usual.ValidationInterval));
        Option<int?> every = CommandParts.WholeNumber("--validate-every", "N", 1, int.MaxValue, With("Epochs between validations.", usual.EpochsPerValidation));
        Option<int?> seed = CommandParts.WholeNumber("--seed", "N", int.MinValue, int.MaxValue, With("What all random numbers are drawn from.", usual.Seed));
        Option<int?> threads = CommandParts.WholeNumber("--threads", "N", 0, 4096, With("Threads to use at most; 0 for all cores.", usual.MaxThreads));
        Command command = new("train", "Trains a model on a folder of pictures.")
        {
            folders, architecture, output, overwrite, skipUnreadable, start, resume, recipe, epochs, batch, rate, lambda, bits, mixing, weightBits, crop, intervals, every, seed, threads,
        };
        command.WithLesson(
            "A terminal shows a progress bar; elsewhere each validation gives a line. The weights of the best validation are written whenever there is a " +
            "better one. Ctrl-C stops cleanly, with a checkpoint, and --resume goes on as if nothing had happened: the weights are the same in the end.",
            "imagecodec train photos --model strided --output mine.safetensors --epochs 300",
            "imagecodec train photos --model strided --output mine.safetensors --epochs 300 --resume",
            "imagecodec train photos cars --validation-interval 20 --validation-interval 8 --model hyperprior --output any.safetensors",
            "imagecodec compress photo.png photo.icd --model mine.safetensors");
        command.SetAction(parsed => Run(context, parsed.GetValue(overwrite), new TrainingOptions
        {
            Folder = parsed.GetRequiredValue(folders)[0],
            MoreFolders = [.. parsed.GetRequiredValue(folders).Skip(1).Select((path, i) => new PictureFolder(path, IntervalOf(parsed.GetValue(intervals), i + 1)))],
            Architecture = parsed.GetRequiredValue(architecture)!,
            OutputPath = parsed.GetRequiredValue(output)!,
            StartPath = parsed.GetValue(start),
            SkipUnreadable = parsed.GetValue(skipUnreadable),
            Warnings = new Warnings(context.Error),
            Resume = parsed.GetValue(resume),
            Recipe = parsed.GetValue(recipe) == "noise" ? TrainingRecipe.NoisyDistortion : usual.Recipe,
            Epochs = parsed.GetValue(epochs) ?? usual.Epochs,
            BatchSize = parsed.GetValue(batch) ?? usual.BatchSize,
            LearningRate = parsed.GetValue(rate) ?? usual.LearningRate,
            Lambda = parsed.GetValue(lambda) ?? usual.Lambda,
            Bits = parsed.GetValue(bits) ?? usual.Bits,
            Mixing = parsed.GetValue(mixing) ?? usual.Mixing,
            WeightBits = int.Parse(parsed.GetValue(weightBits) ?? "32", CultureInfo.InvariantCulture),
            CropSize = parsed.GetValue(crop) ?? usual.CropSize,
            ValidationInterval = IntervalOf(parsed.GetValue(intervals), 0),
            EpochsPerValidation = parsed.GetValue(every) ?? usual.EpochsPerValidation,
            Seed = parsed.GetValue(seed) ?? usual.Seed,
            MaxThreads = parsed.GetValue(threads) ?? usual.MaxThreads,
        }));
        command.Validators.Add(result =>
        {
            if (result.GetResult(epochs) is { Tokens: [{ Value: "0" }] } && result.GetResult(start) is null)
            {
                result.AddError("--epochs 0 trains nothing; with --start-from it fits what belongs to those weights.");
            }

            // Counted, not asked for their values: there are none where one is no number.
            if (result.GetResult(intervals)?.Tokens.Count is > 1 and { } given && given != result.GetResult(folders)?.Tokens.Count)
            {
                result.AddError("--validation-interval is given once for all folders, or once for each of them.");
            }
        });
        return command;

        int IntervalOf(int[]? given, int folder) => given is null or [] ? usual.ValidationInterval : given[Math.Min(folder, given.Length - 1)];
    }

    private static void Run(CommandContext context, bool overwrite, TrainingOptions options)
    {
        foreach (string folder in options.MoreFolders.Select(more => more.Path).Prepend(options.Folder))
        {
            if (!Directory.Exists(folder))
            {
                throw new CommandException($"There is no folder '{folder}'. Give the folder with the pictures.");
            }
        }

        if (options.StartPath is { } weights && !File.Exists(weights))
        {
            throw new CommandException($"There is no weights file '{weights}' to start from.");
        }

        OutputFile.Check(options.OutputPath);
        bool isStarted = File.Exists(options.CheckpointPath);
        if (options.Resume && !isStarted)
        {
            throw new CommandException($"There is no checkpoint '{options.CheckpointPath}' to go on from. Leave --resume out to start.");
        }

        if (!options.Resume && isStarted)
        {
            // Starting afresh would write over what may be days of work.
            throw new CommandException($"'{options.CheckpointPath}' is the checkpoint of an earlier run. Go on with --resume, or delete it to start afresh.");
        }

        OutputFile.CheckIsFree(options.OutputPath, overwrite || options.Resume);

        Trainer trainer = new(options);
        try
        {
            ValidationResult best = TrainingDisplay.Show(context.Output, progress => trainer.Run(progress, context.CancellationToken));
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.OutputPath}: validation PSNR {best.Psnr:0.00} dB at {best.BitsPerPixel:0.000} bpp, of epoch {best.Epoch}"));
        }
        catch (OperationCanceledException e)
        {
            throw new CommandException($"stopped; '{options.CheckpointPath}' holds how far it came. Go on with the same command and --resume.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException(e.Message, e);
        }
        catch (InvalidFileException e)
        {
            throw new CommandException(Explain(e, options), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string rest = File.Exists(options.CheckpointPath) ? $" '{options.CheckpointPath}' is whole: once this is put right, go on with the same command and --resume." : "";
            throw new CommandException($"A file of the training can't be read or written: {e.Message}{rest}", e);
        }
    }

    /// <summary>Which file is bad, and what to do about it.</summary>
    private static string Explain(InvalidFileException e, TrainingOptions options)
    {
        if (e.Format == PictureSet.Format)
        {
            return $"{e.Message} Mend them, take them out of the folder, or leave them out with --skip-unreadable.";
        }

        if (options.Resume)
        {
            return $"'{options.CheckpointPath}' can't be gone on from: {e.Message} To start afresh, delete it and leave --resume out.";
        }

        return options.StartPath is { } weights
            ? $"'{weights}' holds no weights to start from: {e.Message} Give a .safetensors file that 'imagecodec train' wrote, or leave --start-from out."
            : e.Message;
    }

    /// <summary>Told on the thread that reads, so nothing is out of order.</summary>
    private sealed class Warnings(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(ErrorText.OneLine($"imagecodec train: {value}"));
    }
}
