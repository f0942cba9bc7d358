using System.CommandLine;
using System.Globalization;
using ImageCodec.Evaluation;
using ImageCodec.Imaging;
using ImageCodec.Training;

namespace ImageCodec.Cli.Commands;

/// <summary>A folder of pictures to figures on how good codecs are.</summary>
internal static class EvalCommand
{
    private const string NoClassicalCodec = "none";
    private const string DefaultClassicalCodec = "jpeg";

    public static Command Create(CommandContext context)
    {
        int usualSplit = new TrainingOptions { Folder = "", Architecture = "", OutputPath = "" }.ValidationInterval;
        string names = string.Join(",", ClassicalCodecs.Names);
        Argument<string> folder = CommandParts.File("FOLDER", "The folder with the pictures (PNG, JPEG, PNM), those in folders below included. Hidden files are not looked at.");
        Option<string[]> model = new("--model")
        {
            HelpName = "NAME_OR_FILE",
            Description = $"A built-in model, or a .safetensors or .pth file of weights. Can be given several times. [default: {PretrainedModel.DefaultName}]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int?> effort = CommandParts.Effort();
        Option<string?> against = CommandParts.Text(
            "--against", names, $"Classical codecs to compare with, separated by commas; '{NoClassicalCodec}' for no one. [default: {DefaultClassicalCodec}]");
        against.Validators.Add(result =>
        {
            foreach (string name in SplitNames(result.Tokens is [{ } token, ..] ? token.Value : "").Where(name => !IsKnown(name)))
            {
                result.AddError($"--against takes some of {names}, or {NoClassicalCodec}, but '{name}' was given.");
            }
        });
        Option<bool> validationOnly = new("--validation-only") { Description = "Take only the pictures that training leaves out: one in --split." };
        Option<int?> split = CommandParts.WholeNumber(
            "--split", "N", 1, int.MaxValue,
            string.Create(CultureInfo.InvariantCulture, $"With --validation-only: one picture in N, the first in ordinal order included. [default: {usualSplit}]"));
        Option<string?> json = CommandParts.Text("--json", "FILE", "Write a JSON object with everything; '-' prints it in place of the tables.");
        Option<string?> csv = CommandParts.Text("--csv", "FILE", "Write a CSV table with a line for each measurement of each picture.");
        Option<string?> report = CommandParts.Text("--report", "FILE.html", "Write an HTML page with the pictures, the curves and the tables.");
        Option<bool> overwrite = new("--overwrite") { Description = "Replace older files." };
        Command command = new("eval", "Measures models beside classical codecs on a folder of pictures.")
        {
            folder, model, effort, against, validationOnly, split, json, csv, report, overwrite,
        };
        command.WithLesson(
            "Every figure is of a real file that is written, read and decoded. Models are measured at up to eight levels, classical codecs by their own " +
            "command-line encoders over a range of qualities, and once more at the size nearest to each file of a model. Printed are means over the " +
            "pictures (bits a pixel, PSNR, MS-SSIM, SSIMULACRA2, times) and BD-rates by each of the three. A picture that can't be read and a codec that is not installed or fails are " +
            "left out with a line on standard error; the exit code is 0 as long as something could be measured.",
            "imagecodec eval photos",
            "imagecodec eval photos --validation-only --model mine.safetensors --model strided --against jpeg,webp,avif --report report.html",
            "imagecodec eval photos --json - --against none");
        command.Validators.Add(result =>
        {
            if (result.GetResult(split) is { Implicit: false } && !result.GetValue(validationOnly))
            {
                result.AddError("--split goes with --validation-only.");
            }
        });
        command.SetAction(parsed => Run(
            context,
            new EvalRequest(
                parsed.GetRequiredValue(folder),
                parsed.GetValue(model) is { Length: > 0 } models ? models : [PretrainedModel.DefaultName],
                parsed.GetValue(effort) ?? 0,
                [.. SplitNames(parsed.GetValue(against) ?? DefaultClassicalCodec).Where(name => name != NoClassicalCodec).Distinct()],
                parsed.GetValue(validationOnly) ? parsed.GetValue(split) ?? usualSplit : 1,
                parsed.GetValue(json),
                parsed.GetValue(csv),
                parsed.GetValue(report),
                parsed.GetValue(overwrite))));
        return command;
    }

    private static string[] SplitNames(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static bool IsKnown(string name) => name == NoClassicalCodec || ClassicalCodecs.Names.Contains(name);

    private static void Run(CommandContext context, EvalRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            throw new CommandException($"There is no folder '{request.Folder}'. Give the folder with the pictures.");
        }

        (List<EvaluatedCodec> classical, List<SkippedItem> missing) = FindClassical(context, request.Against);
        EvaluationOptions options = new()
        {
            Folder = request.Folder,
            PictureInterval = request.Interval,
            KeepPictures = request.Report is not null,
            MissingCodecs = missing,
        };
        (IReadOnlyList<string> pictures, IReadOnlyList<LeftOutFile> leftOut) = options.FindPictures();
        foreach (LeftOutFile file in leftOut)
        {
            Warn(context, $"'{file.Path}' is left out: it {file.Reason}");
        }

        EvalOutputs outputs = new(request, pictures);
        List<ImageCompressor> compressors = [];
        try
        {
            List<EvaluatedCodec> models = LoadModels(request, compressors);
            EvaluationResult result = EvalDisplay.Show(
                context.Error, progress => Evaluator.Run(options, [.. models, .. classical], progress, context.CancellationToken));
            foreach (SkippedItem codec in result.SkippedCodecs.Skip(missing.Count))
            {
                Warn(context, $"{codec.Name} was left out: {codec.Reason}");
            }

            foreach (SkippedItem picture in result.SkippedPictures)
            {
                Warn(context, $"the picture '{picture.Name}' was left out: {picture.Reason}");
            }

            outputs.Write(context.Output, result);
        }
        finally
        {
            compressors.ForEach(compressor => compressor.Dispose());
        }
    }

    private static (List<EvaluatedCodec> Found, List<SkippedItem> Missing) FindClassical(CommandContext context, IReadOnlyList<string> names)
    {
        List<EvaluatedCodec> found = [];
        List<SkippedItem> missing = [];
        foreach (string name in names)
        {
            if (ClassicalCodecs.TryFind(name, out EvaluatedCodec? codec, out string? problem))
            {
                found.Add(codec);
            }
            else
            {
                missing.Add(new SkippedItem(name, problem));
                Warn(context, $"{name} is left out: {problem}");
            }
        }

        return (found, missing);
    }

    private static List<EvaluatedCodec> LoadModels(EvalRequest request, List<ImageCompressor> compressors)
    {
        IReadOnlyList<string> namesOrFiles = request.Models;
        if (namesOrFiles.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"--model {twice.Key} is given twice.");
        }

        List<EvaluatedCodec> models = [];
        foreach (string nameOrFile in namesOrFiles)
        {
            compressors.Add(ModelChoice.Load(nameOrFile));

            // The file's bare name reads better; the path stays where two files have one name.
            string bare = Path.GetFileName(nameOrFile);
            bool isClear = namesOrFiles.Count(other => Path.GetFileName(other) == bare) == 1 && !ClassicalCodecs.Names.Contains(bare);
            models.Add(EvaluatedCodec.Of(isClear ? bare : nameOrFile, compressors[^1], request.Effort));
        }

        return models;
    }

    private static void Warn(CommandContext context, string text) => context.Error.WriteLine(ErrorText.OneLine($"imagecodec eval: warning: {text}"));
}
