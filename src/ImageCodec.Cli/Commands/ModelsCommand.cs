using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ImageCodec.Models.Compressor;

namespace ImageCodec.Cli.Commands;

/// <summary>The built-in models.</summary>
internal static class ModelsCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = new("--json")
        {
            Description = "Print a JSON array of objects: name, isDefault, codec, architecture, parameters, encoderKmacPerPixel " +
                "(null where it depends on the effort), decoderKmacPerPixel, levelCount, defaultLevel, card (what the weights file says of itself).",
        };
        Command command = new("models", "Lists the built-in models.") { json };
        command.WithLesson(
            "Printed are the architecture, the number of parameters, thousands of multiply-accumulate operations (kMAC) a pixel of encoder and decoder, " +
            "levels and the default one, and what the weights say of their training and quality. The parameters of 'fitted' are in each picture's file, and those of its " +
            "larger decoder are counted.",
            "imagecodec models", "imagecodec models --json");
        command.SetAction(parsed => Run(context, parsed.GetValue(json)));
        return command;
    }

    private static void Run(CommandContext context, bool json)
    {
        ModelReport[] reports = [.. PretrainedModel.All.Select(Describe)];
        if (json)
        {
            context.Output.WriteLine(JsonSerializer.Serialize(reports, JsonReports.Default.ModelReportArray));
            return;
        }

        if (reports.Length == 0)
        {
            context.Output.WriteLine("This build has no built-in models; give weights with --model FILE.");
        }

        for (int i = 0; i < reports.Length; i++)
        {
            if (i > 0)
            {
                context.Output.WriteLine();
            }

            Print(context.Output, reports[i]);
        }
    }

    private static ModelReport Describe(PretrainedModel model)
    {
        using ImageCompressor compressor = model.LoadCompressor(maxThreads: 1);
        ModelCost cost = compressor.Cost!;
        return new ModelReport(
            model.Name,
            model.Name == PretrainedModel.DefaultName,
            model.Fingerprint.ToString(),
            cost.Architecture,
            cost.ParameterCount,
            cost.EncoderOperations is { } encoder ? Math.Round(encoder / 1000, 3) : null,
            Math.Round(cost.DecoderOperations / 1000, 3),
            compressor.LevelCount,
            compressor.DefaultLevel,
            model.Card);
    }

    private static void Print(TextWriter output, ModelReport model)
    {
        output.WriteLine(model.IsDefault ? $"{model.Name} (default)" : model.Name);
        List<(string Name, string Value)> lines =
        [
            ("codec", model.Codec),
            ("architecture", model.Architecture),
            ("parameters", model.Parameters.ToString("#,0", CultureInfo.InvariantCulture)),
            ("encoder", model.EncoderKmacPerPixel is { } encoder ? string.Create(CultureInfo.InvariantCulture, $"{encoder:0.0} kMAC a pixel") : "depends on the effort"),
            ("decoder", string.Create(CultureInfo.InvariantCulture, $"{model.DecoderKmacPerPixel:0.0} kMAC a pixel")),
            ("default level", string.Create(CultureInfo.InvariantCulture, $"{model.DefaultLevel} of {model.LevelCount}")),
            .. model.Card.Where(entry => entry.Key is not ("architecture" or "bits" or "level")).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (entry.Key, entry.Value)),
        ];
        int width = lines.Max(line => line.Name.Length);
        foreach ((string name, string value) in lines)
        {
            output.WriteLine($"  {name.PadRight(width)}  {value}");
        }
    }
}
