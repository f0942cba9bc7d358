using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ImageCodec.Models;

namespace ImageCodec.Cli.Commands;

/// <summary>The built-in models.</summary>
internal static class ModelsCommand
{
    /// <summary>The card's entry for the bits a symbol has by default, and what holds without it.</summary>
    private const string BitsKey = "bits";
    private const int BitsWithoutEntry = 2;

    /// <summary>A VAE's entry for its default level; VAEs have no bits, nor has a hyperprior, whose default is the middle of its qualities.</summary>
    private const string LevelKey = "level";
    private const string Hyperprior = "hyperprior";

    public static Command Create(CommandContext context)
    {
        Option<bool> json = new("--json")
        {
            Description = "Print a JSON array of objects: name, isDefault, codec, architecture, parameters, encoderKmacPerPixel, decoderKmacPerPixel, " +
                "defaultBits (null where levels are no bits), card (what the weights file says of itself).",
        };
        Command command = new("models", "Lists the built-in models.") { json };
        command.WithLesson(
            "Printed are the architecture, the number of parameters, thousands of multiply-accumulate operations (kMAC) a pixel of encoder and decoder, " +
            "the default rate, and what the weights say of their training and quality.",
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
        using Autoencoder network = model.LoadModel(maxThreads: 1);
        (double encoder, double decoder) = network.CountOperationsPerPixel();
        int? bits = model.Card.TryGetValue(BitsKey, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture)
            : model.Card.ContainsKey(LevelKey) || network.Architecture == Hyperprior ? null : BitsWithoutEntry;
        return new ModelReport(
            model.Name,
            model.Name == PretrainedModel.DefaultName,
            model.Fingerprint.ToString(),
            network.Architecture,
            network.ParameterCount,
            Math.Round(encoder / 1000, 3),
            Math.Round(decoder / 1000, 3),
            bits,
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
            ("encoder", string.Create(CultureInfo.InvariantCulture, $"{model.EncoderKmacPerPixel:0.0} kMAC a pixel")),
            ("decoder", string.Create(CultureInfo.InvariantCulture, $"{model.DecoderKmacPerPixel:0.0} kMAC a pixel")),
            ("default rate", model.DefaultBits is { } bits ? $"{bits} bits a symbol" : model.Card.TryGetValue(LevelKey, out string? level) ? $"level {level}" : "quality 50"),
            .. model.Card.Where(entry => entry.Key is not ("architecture" or BitsKey or LevelKey)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (entry.Key, entry.Value)),
        ];
        int width = lines.Max(line => line.Name.Length);
        foreach ((string name, string value) in lines)
        {
            output.WriteLine($"  {name.PadRight(width)}  {value}");
        }
    }
}
