using System.Globalization;
using ImageCodec.Evaluation;

namespace ImageCodec.Cli;

/// <summary>The results of <c>eval</c> as tables for a terminal.</summary>
internal static class EvalTables
{
    private const int SettingWidth = 24;
    private const int TitleWidth = SettingWidth + 2;

    public static void Print(TextWriter output, EvaluationResult result)
    {
        output.WriteLine($"{result.Pictures.Count} picture{(result.Pictures.Count == 1 ? "" : "s")}, means; whole files are counted");
        PrintCurves(output, result);
        PrintMatches(output, result);
        PrintBdRates(output, result);
    }

    private static void PrintCurves(TextWriter output, EvaluationResult result)
    {
        foreach (CodecResult codec in result.Codecs)
        {
            PrintHead(output, codec.Name);
            if (codec.PlainPsnr is { } plain)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"plain autoencoder",-SettingWidth}{"",8}{plain,9:0.00}{codec.PlainMsSsim,9:0.0000}{codec.PlainSsimulacra2,13:0.00}"));
            }

            foreach (MeanMeasurement point in codec.Points)
            {
                string mark = point == codec.DefaultPoint ? " (default)" : "";
                PrintPoint(output, string.Create(CultureInfo.InvariantCulture, $"{codec.SettingName} {point.Setting:0.###}{mark}"), point);
            }
        }
    }

    private static void PrintMatches(TextWriter output, EvaluationResult result)
    {
        CodecResult[] classical = [.. result.Codecs.Where(codec => !codec.IsModel)];
        foreach (CodecResult model in result.Codecs.Where(codec => codec.IsModel && classical.Length > 0))
        {
            PrintHead(output, $"at the size of {model.Name}");
            PrintPoint(output, model.Name, model.DefaultPoint!);
            foreach (CodecResult codec in classical)
            {
                PrintPoint(output, codec.Name, result.MeanMatch(model.Name, codec.Name));
            }
        }
    }

    private static void PrintHead(TextWriter output, string title)
    {
        output.WriteLine();
        output.WriteLine($"{title,-TitleWidth}{"bpp",8}{"PSNR",9}{"MS-SSIM",9}{"SSIMULACRA2",13}{"encode",11}{"decode",11}");
    }

    private static void PrintPoint(TextWriter output, string name, MeanMeasurement point) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-SettingWidth}{point.BitsPerPixel,8:0.000}{point.Psnr,9:0.00}{point.MsSsim,9:0.0000}{point.Ssimulacra2,13:0.00}{1000 * point.EncodeSeconds,8:0.0} ms{1000 * point.DecodeSeconds,8:0.0} ms"));

    private static void PrintBdRates(TextWriter output, EvaluationResult result)
    {
        if (result.Codecs.Count < 2)
        {
            return;
        }

        // Of every pair there is a number in the JSON and the report; here are those one asks for first.
        bool hasModel = result.Codecs.Any(codec => codec.IsModel);
        HashSet<string> rows = [.. result.Codecs.Where(codec => codec.IsModel == hasModel).Select(codec => codec.Name)];
        int width = result.Codecs.Max(codec => codec.Name.Length);
        output.WriteLine();
        output.WriteLine("BD-rate: bits that the first needs more than the second for the same PSNR, MS-SSIM or SSIMULACRA2, and the range of PSNR compared");
        output.WriteLine($"  {"".PadRight(2 * width + 2)}{string.Concat(QualityMetric.All.Select(metric => $"{metric.Name,13}"))}");
        foreach (BdComparison one in result.BdRates.Where(one => rows.Contains(one.Codec)))
        {
            string pair = $"  {one.Codec.PadRight(width)}  {one.Anchor.PadRight(width)}";
            string percents = string.Concat(QualityMetric.All.Select(metric => Percent(one.Figures[metric])));
            BdFigure psnr = one.Figures[QualityMetric.Psnr];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pair}{percents}   {psnr.Problem ?? $"{psnr.From:0.00} to {psnr.To:0.00} dB"}"));
        }
    }

    private static string Percent(BdFigure figure) =>
        figure.Percent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent,11:+0.0;-0.0;0.0} %") : $"{"–",11}  ";
}
