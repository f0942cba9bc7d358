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

        Argument<string> folder = CommandParts.File("FOLDER", "The folder with the pictures (PNG, JPEG, PNM); those in folders below are not taken.");
        Option<string?> architecture = CommandParts.Choice(
            "--model", "ARCH", ModelFactory.Architectures, $"The architecture: {string.Join(", ", ModelFactory.Architectures)}.");
        architecture.Required = true;
        Option<string?> output = CommandParts.Text(
            "--output", "FILE.safetensors", "Where the weights go. Beside it lie the run's checkpoint (.checkpoint) and log (.csv).");
        output.Required = true;
        Option<bool> resume = new("--resume") { Description = "Go on from the checkpoint; all other options must be the same." };
        Option<string?> recipe = CommandParts.Choice(
            "--recipe", "RECIPE", ["rd", "seed"], "'rd' for bits and distortion together, 'seed' for squared error and noise as in the system this project grew from. [default: rd]");
        Option<int?> epochs = CommandParts.WholeNumber("--epochs", "N", 1, int.MaxValue, With("Times that every picture is seen.", usual.Epochs));
        Option<int?> batch = CommandParts.WholeNumber("--batch", "N", 1, 4096, With("Pictures in a step.", usual.BatchSize));
        Option<double?> rate = CommandParts.PositiveNumber("--learning-rate", "X", With("The learning rate of Adam, at its peak.", usual.LearningRate));
        Option<double?> lambda = CommandParts.PositiveNumber("--lambda", "X", With("The price of distortion: bpp + X · MSE is minimised.", usual.Lambda));
        Option<int?> bits = CommandParts.WholeNumber("--bits", "1..8", 1, 8, With("Bits of a symbol, and the default rate afterwards; not for VAEs.", usual.Bits));
        Option<double?> mixing = CommandParts.PositiveNumber("--mixing", "X", "The share of pictures that are mixed with another, up to 1. [default: 0]");
        Option<string?> weightBits = CommandParts.Choice(
            "--weight-bits", "BITS", ["8", "16", "32"], With("Bits of a weight in the output; 8 come with a scale for each channel.", usual.WeightBits));
        Option<int?> crop = CommandParts.WholeNumber("--crop", "N", 1, 4096, With("The side of the squares cut from the pictures.", usual.CropSize));
        Option<int?> interval = CommandParts.WholeNumber(
            "--validation-interval", "N", 2, int.MaxValue, With("One picture in N is kept for validation, the first in ordinal order included.", usual.ValidationInterval));
        Option<int?> every = CommandParts.WholeNumber("--validate-every", "N", 1, int.MaxValue, With("Epochs between validations.", usual.ValidateEvery));
        Option<int?> seed = CommandParts.WholeNumber("--seed", "N", int.MinValue, int.MaxValue, With("What all random numbers are drawn from.", usual.Seed));
        Option<int?> threads = CommandParts.WholeNumber("--threads", "N", 0, 4096, With("Threads to use at most; 0 for all cores.", usual.MaxThreads));
        Command command = new("train", "Trains a model on a folder of pictures.")
        {
            folder, architecture, output, resume, recipe, epochs, batch, rate, lambda, bits, mixing, weightBits, crop, interval, every, seed, threads,
        };
        command.WithLesson(
            "A terminal shows a progress bar; elsewhere each validation gives a line. The weights of the best validation are written whenever there is a " +
            "better one. Ctrl-C stops cleanly, with a checkpoint, and --resume goes on as if nothing had happened: the weights are the same in the end.",
            "imagecodec train photos --model strided --output mine.safetensors --epochs 300",
            "imagecodec train photos --model strided --output mine.safetensors --epochs 300 --resume",
            "imagecodec compress photo.png photo.icd --model mine.safetensors");
        command.SetAction(parsed => Run(context, new TrainingOptions
        {
            Folder = parsed.GetRequiredValue(folder),
            Architecture = parsed.GetRequiredValue(architecture)!,
            OutputPath = parsed.GetRequiredValue(output)!,
            Resume = parsed.GetValue(resume),
            Recipe = parsed.GetValue(recipe) == "seed" ? TrainingRecipe.Seed : usual.Recipe,
            Epochs = parsed.GetValue(epochs) ?? usual.Epochs,
            BatchSize = parsed.GetValue(batch) ?? usual.BatchSize,
            LearningRate = parsed.GetValue(rate) ?? usual.LearningRate,
            Lambda = parsed.GetValue(lambda) ?? usual.Lambda,
            Bits = parsed.GetValue(bits) ?? usual.Bits,
            Mixing = parsed.GetValue(mixing) ?? usual.Mixing,
            WeightBits = int.Parse(parsed.GetValue(weightBits) ?? "32", CultureInfo.InvariantCulture),
            CropSize = parsed.GetValue(crop) ?? usual.CropSize,
            ValidationInterval = parsed.GetValue(interval) ?? usual.ValidationInterval,
            ValidateEvery = parsed.GetValue(every) ?? usual.ValidateEvery,
            Seed = parsed.GetValue(seed) ?? usual.Seed,
            MaxThreads = parsed.GetValue(threads) ?? usual.MaxThreads,
        }));
        return command;
    }

    private static void Run(CommandContext context, TrainingOptions options)
    {
        if (!Directory.Exists(options.Folder))
        {
            throw new CommandException($"There is no folder '{options.Folder}'. Give the folder with the pictures.");
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
        catch (Exception e) when (e is InvalidOperationException or InvalidFileException)
        {
            throw new CommandException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string rest = File.Exists(options.CheckpointPath) ? $" '{options.CheckpointPath}' is whole: once this is put right, go on with the same command and --resume." : "";
            throw new CommandException($"A file of the training can't be read or written: {e.Message}{rest}", e);
        }
    }
}
