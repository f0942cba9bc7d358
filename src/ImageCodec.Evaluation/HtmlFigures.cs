using System.Globalization;
using System.Text;
using static ImageCodec.Evaluation.HtmlReport;

namespace ImageCodec.Evaluation;

/// <summary>The pictures of the HTML page: for each one a column with the original and what came back.</summary>
internal static class HtmlFigures
{
    private const int NarrowestColumn = 150;
    private const int WidestColumn = 400;

    public static void Append(StringBuilder html, EvaluationResult result)
    {
        PictureResult[] shown = [.. result.Pictures.Where(picture => picture.Figures.Count > 0)];
        if (shown.Length == 0)
        {
            return;
        }

        html.Append("<section>\n<h2>Pictures</h2>\n");
        html.Append("<p>From top to bottom: the original; the plain autoencoder; the quantised one, from its file; the classical codec at the nearest size.</p>\n");
        if (shown.Length < result.Pictures.Count)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"note\">The first {shown.Length} of {result.Pictures.Count} are shown; with more the page would be too large to open. The tables are of all of them.</p>\n");
        }

        int column = Math.Clamp(shown.Max(picture => picture.Width), NarrowestColumn, WidestColumn);
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"figure\" style=\"--column:{column}px\">\n");
        foreach (PictureResult picture in shown)
        {
            AppendColumn(html, picture, result);
        }

        html.Append("</div>\n</section>\n");
    }

    private static void AppendColumn(StringBuilder html, PictureResult picture, EvaluationResult result)
    {
        html.Append(CultureInfo.InvariantCulture, $"<figure>\n<figcaption class=\"name\">{Text(picture.File)}</figcaption>\n");
        foreach (Figure figure in picture.Figures.Where(figure => figure.Kind == FigureKind.Original))
        {
            AppendPicture(html, picture, figure, "original", "");
        }

        foreach (CodecResult model in result.Codecs.Where(codec => codec.IsModel))
        {
            foreach (Figure figure in picture.Figures.Where(figure => figure.Model == model.Name).OrderBy(figure => figure.Kind))
            {
                AppendPicture(html, picture, figure, figure.Kind == FigureKind.Plain ? $"{figure.Codec}, plain" : figure.Codec, Figures(figure));
            }
        }

        html.Append("</figure>\n");
    }

    private static string Figures(Figure figure) => figure.BitsPerPixel is { } rate
        ? $"{Number(figure.Distortion?.Psnr, "0.00")} dB @ {Number(rate, "0.000")} bpp"
        : $"{Number(figure.Distortion?.Psnr, "0.00")} dB";

    /// <summary>A picture may fill its column, but small ones are not blown up much.</summary>
    private static void AppendPicture(StringBuilder html, PictureResult picture, Figure figure, string name, string figures)
    {
        int width = Math.Max(NarrowestColumn, picture.Width * 5 / 4);
        html.Append(
            CultureInfo.InvariantCulture,
            $"<img alt=\"{Text(name)}\" style=\"max-width:{width}px\" src=\"data:image/png;base64,{Convert.ToBase64String(figure.Png)}\"/>");
        html.Append(CultureInfo.InvariantCulture, $"<figcaption>{Text(name)}<br/>{Text(figures)}</figcaption>\n");
    }
}
