using System.Globalization;
using System.Text;
using static ImageCodec.Evaluation.HtmlReport;

namespace ImageCodec.Evaluation;

/// <summary>The tables of the HTML page.</summary>
internal static class HtmlTables
{
    public static void AppendBdRates(StringBuilder html, EvaluationResult result)
    {
        if (result.Codecs.Count < 2)
        {
            return;
        }

        html.Append("<section>\n<h2>BD-rate</h2>\n");
        html.Append("<p>How many per cent more bits the codec of the row needs than that of the column for the same quality, by each metric; below zero is better. Small: the range that both curves cover; grey where it is narrower than 1 dB or 5 points, which says little.</p>\n");
        foreach (QualityMetric metric in QualityMetric.All)
        {
            AppendBdRates(html, result, metric);
        }

        html.Append("</section>\n");
    }

    private static void AppendBdRates(StringBuilder html, EvaluationResult result, QualityMetric metric)
    {
        html.Append(CultureInfo.InvariantCulture, $"<table class=\"numbers\">\n<thead><tr><th>by {metric.Name}</th>");
        foreach (CodecResult anchor in result.Codecs)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th>against {Text(anchor.Name)}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < result.Codecs.Count; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr>{Name(result, i)}");
            foreach (CodecResult anchor in result.Codecs)
            {
                html.Append(Cell(result.BdRates.SingleOrDefault(one => one.Codec == result.Codecs[i].Name && one.Anchor == anchor.Name)?.Figures[metric], metric));
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
    }

    public static void AppendMatches(StringBuilder html, EvaluationResult result)
    {
        CodecResult[] models = [.. result.Codecs.Where(codec => codec.IsModel)];
        if (models.Length == 0)
        {
            return;
        }

        html.Append("<section>\n<h2>At the default level</h2>\n");
        html.Append("<p>Each model at its default level, and each classical codec with the file nearest in size, picture by picture.</p>\n");
        html.Append("<table class=\"numbers\">\n<thead><tr><th>codec</th><th>bpp</th><th>PSNR</th><th>MS-SSIM</th><th>SSIMULACRA2</th><th>encode</th><th>decode</th></tr></thead>\n");
        foreach (CodecResult model in models)
        {
            html.Append("<tbody>\n");
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(model.Name)}, plain autoencoder</th><td>–</td>{Decibels(model.PlainPsnr)}<td>{Number(model.PlainMsSsim, "0.0000")}</td><td>{Number(model.PlainSsimulacra2, "0.00")}</td><td>–</td><td>–</td></tr>\n");
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(model.Name)}, {Text(model.SettingName)} {Number(model.DefaultPoint!.Setting, "0.###")}</th>{Figures(model.DefaultPoint)}</tr>\n");
            foreach (CodecResult codec in result.Codecs.Where(codec => !codec.IsModel))
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(codec.Name)} at the nearest size</th>{Figures(result.MeanMatch(model.Name, codec.Name))}</tr>\n");
            }

            html.Append("</tbody>\n");
        }

        html.Append("</table>\n</section>\n");
    }

    public static void AppendPoints(StringBuilder html, EvaluationResult result)
    {
        html.Append("<section>\n<h2>All points</h2>\n<div class=\"tables\">\n");
        for (int i = 0; i < result.Codecs.Count; i++)
        {
            CodecResult codec = result.Codecs[i];
            html.Append(
                CultureInfo.InvariantCulture,
                $"<table class=\"numbers\">\n<thead><tr>{Name(result, i)}<th>bpp</th><th>PSNR</th><th>MS-SSIM</th><th>SSIMULACRA2</th><th>encode</th><th>decode</th></tr></thead>\n<tbody>\n");
            foreach (MeanMeasurement point in codec.Points)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(codec.SettingName)} {Number(point.Setting, "0.###")}</th>{Figures(point)}</tr>\n");
            }

            html.Append("</tbody>\n</table>\n");
        }

        html.Append("</div>\n</section>\n");
    }

    /// <summary>A codec's name with the colour of its curve.</summary>
    private static string Name(EvaluationResult result, int index) =>
        $"<th><span class=\"swatch\" style=\"background:{SvgChart.ColorOf(index)}\"></span>{Text(result.Codecs[index].Name)}</th>";

    private static string Cell(BdFigure? figure, QualityMetric metric) => figure switch
    {
        null => "<td></td>",
        { Percent: { } percent } => string.Create(
            CultureInfo.InvariantCulture,
            $"<td class=\"{(figure.To - figure.From < metric.NarrowRange ? "narrow" : percent < 0 ? "better" : "worse")}\">{Signed(percent)} %<small>{figure.From:0.0} … {figure.To:0.0}</small></td>"),
        _ => $"<td title=\"{Text(figure.Problem!)}\">–<small>can’t be compared</small></td>",
    };

    private static string Signed(double percent) => percent.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static string Figures(MeanMeasurement point) =>
        $"<td>{Number(point.BitsPerPixel, "0.000")}</td>{Decibels(point.Psnr)}<td>{Number(point.MsSsim, "0.0000")}</td><td>{Number(point.Ssimulacra2, "0.00")}</td>" +
        $"<td>{Number(1000 * point.EncodeSeconds, "0.0")} ms</td><td>{Number(1000 * point.DecodeSeconds, "0.0")} ms</td>";

    private static string Decibels(double? value) => $"<td>{Number(value, "0.00")} dB</td>";
}
