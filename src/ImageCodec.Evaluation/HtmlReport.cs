using System.Globalization;
using System.Net;
using System.Text;

namespace ImageCodec.Evaluation;

/// <summary>Writes results as one HTML page.</summary>
internal static class HtmlReport
{
    private const string StyleResource = "ImageCodec.Evaluation.report.css";

    public static byte[] Write(EvaluationResult result)
    {
        StringBuilder html = new();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        html.Append(CultureInfo.InvariantCulture, $"<title>Evaluation: {Text(Names(result))}</title>\n<style>\n{ReadStyle()}</style>\n</head>\n<body>\n");
        AppendHead(html, result);
        AppendCharts(html, result);
        HtmlTables.AppendBdRates(html, result);
        HtmlTables.AppendMatches(html, result);
        HtmlFigures.Append(html, result);
        HtmlTables.AppendPoints(html, result);
        AppendMethod(html, result);
        html.Append("</body>\n</html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    /// <summary>A text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A number as every part of the page writes it.</summary>
    public static string Number(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string Names(EvaluationResult result) => string.Join(", ", result.Codecs.Select(codec => codec.Name));

    private static void AppendHead(StringBuilder html, EvaluationResult result)
    {
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(result.Folder));
        string share = result.Interval == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", one in {result.Interval} in ordinal order of names");
        html.Append("<header>\n<h1>Evaluation of image codecs</h1>\n");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p>{Count(result.Pictures.Count, "picture")} of «{Text(folder)}»{share}; {Text(Sizes(result))}. Whole files are counted.</p>\n");
        foreach (SkippedItem one in result.SkippedCodecs)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">Without {Text(one.Name)}: {Text(one.Reason)}</p>\n");
        }

        foreach (SkippedItem one in result.SkippedPictures)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">Left out was «{Text(one.Name)}»: {Text(one.Reason)}</p>\n");
        }

        html.Append("</header>\n");
    }

    private static string Sizes(EvaluationResult result)
    {
        (int Width, int Height)[] sizes = [.. result.Pictures.Select(picture => (picture.Width, picture.Height)).Distinct()];
        if (sizes.Length == 1)
        {
            return $"all {sizes[0].Width}×{sizes[0].Height}";
        }

        (int Width, int Height) smallest = sizes.MinBy(Area);
        (int Width, int Height) largest = sizes.MaxBy(Area);
        return $"{sizes.Length} sizes from {smallest.Width}×{smallest.Height} to {largest.Width}×{largest.Height}";

        static long Area((int Width, int Height) size) => (long)size.Width * size.Height;
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static void AppendCharts(StringBuilder html, EvaluationResult result)
    {
        // Classical codecs go on to rates where no model is; there they would only squeeze the rest.
        double limit = result.Codecs.Where(codec => codec.IsModel).SelectMany(codec => codec.BestPoints(QualityMetric.Psnr)).Select(point => 1.6 * point.BitsPerPixel)
            .DefaultIfEmpty(double.PositiveInfinity).Max();
        html.Append("<section>\n<h2>Rate and distortion</h2>\n<div class=\"charts\">\n");
        foreach (QualityMetric metric in QualityMetric.All)
        {
            html.Append(SvgChart.Draw(metric.Label, [.. result.Codecs.Select(codec => (codec.Name, codec.IsModel, Points(codec, metric, limit)))]));
        }

        html.Append("</div>\n<p class=\"note\">Each point is the mean over all pictures at one setting. Points that others of the same codec beat are not drawn.</p>\n</section>\n");
    }

    private static IReadOnlyList<(double Rate, double Value)> Points(CodecResult codec, QualityMetric metric, double limit)
    {
        IReadOnlyList<MeanMeasurement> best = codec.BestPoints(metric);
        MeanMeasurement[] near = [.. best.Where(point => point.BitsPerPixel <= limit)];
        return [.. (near.Length > 0 ? near : best).Select(point => (point.BitsPerPixel, metric.Of(point)))];
    }

    private static void AppendMethod(StringBuilder html, EvaluationResult result)
    {
        html.Append("<section>\n<h2>How it was measured</h2>\n<ul>\n");
        string[] notes =
        [
            "Every figure comes from a real file that was written, read and decoded. Bits per pixel are those of the whole file.",
            "PSNR is over all three channels of the 8-bit pictures, computed in double precision; a picture that comes back exactly counts as 100 dB.",
            "MS-SSIM is the mean of the R, G and B channels. It has five scales on pictures with sides of at least 161 pixels, fewer with renormalised weights on smaller ones.",
            "SSIMULACRA2 (2.1) goes up to 100; 90 is visually lossless, 70 high, 50 medium and 10 very low quality. It has six scales on pictures with sides of at least 113 pixels, fewer on smaller ones, whose scores mean less.",
            "Means are arithmetic means over the pictures at one setting, of PSNR in dB too. BD-rates compare these mean curves: piecewise cubic (PCHIP) ln(bpp) over PSNR, over MS-SSIM in dB, or over SSIMULACRA2, in the range that both cover, without the points that others of the same curve beat.",
            "Times are wall-clock times. Those of classical codecs are of whole commands, their start included; those of models are of the library's calls in a running process.",
            "Classical codecs are given bare pixels (PPM or PNG without metadata).",
        ];
        foreach (string note in notes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li>{Text(note)}</li>\n");
        }

        foreach (CodecResult codec in result.Codecs)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><b>{Text(codec.Name)}</b>: <code>{Text(codec.Description)}</code></li>\n");
        }

        html.Append("</ul>\n</section>\n");
    }

    private static string ReadStyle()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(StyleResource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
