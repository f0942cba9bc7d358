using System.Globalization;
using System.Net;
using System.Text;

namespace ImageCodec.Evaluation;

/// <summary>Draws curves over a logarithmic axis of bits per pixel.</summary>
internal sealed class SvgChart
{
    private const double Width = 640;
    private const double Left = 52;
    private const double Right = 628;
    private const double PlotHeight = 390;
    private const double FootHeight = 46;
    private const double LegendRowHeight = 20;

    // Dark enough for lines on white, and told apart by those who see red and green alike: hue and lightness both differ.
    private static readonly string[] Colors = ["#c2185b", "#1565c0", "#e08600", "#2e7d32", "#6a3fb5", "#00838f", "#7a5230", "#555555"];

    /// <summary>First digits of ticks, coarse to fine.</summary>
    private static readonly double[][] TickDigits = [[1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7], [.. Enumerable.Range(10, 90).Select(i => i / 10.0)]];
    private static readonly int[] StepDigits = [1, 2, 5, 10];

    private readonly LegendEntry[] _legend;
    private readonly double _top;
    private readonly double _minRate;
    private readonly double _maxRate;
    private readonly double _minValue;
    private readonly double _maxValue;

    private SvgChart(IReadOnlyList<string> names, IEnumerable<(double Rate, double Value)> points)
    {
        _legend = PlaceLegend(names);
        _top = _legend[^1].Y + 14;
        (double Rate, double Value)[] all = [.. points];
        _minRate = all.Min(point => point.Rate) / 1.08;
        _maxRate = all.Max(point => point.Rate) * 1.08;
        double margin = Math.Max(0.05, 0.04 * (all.Max(point => point.Value) - all.Min(point => point.Value)));
        _minValue = all.Min(point => point.Value) - margin;
        _maxValue = all.Max(point => point.Value) + margin;
    }

    /// <summary>The colour of the n-th codec.</summary>
    public static string ColorOf(int index) => Colors[index % Colors.Length];

    /// <summary>Draws one line for each codec.</summary>
    /// <param name="label">What the vertical axis is.</param>
    /// <param name="curves">Names and points; a heavy line for each that is ours.</param>
    public static string Draw(string label, IReadOnlyList<(string Name, bool IsModel, IReadOnlyList<(double Rate, double Value)> Points)> curves)
    {
        SvgChart chart = new([.. curves.Select(curve => curve.Name)], curves.SelectMany(curve => curve.Points));
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {chart.Bottom + FootHeight}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)} over bits per pixel\" xmlns=\"http://www.w3.org/2000/svg\">\n");
        chart.DrawAxes(svg, label);
        for (int i = 0; i < curves.Count; i++)
        {
            chart.DrawCurve(svg, ColorOf(i), curves[i].Name, curves[i].IsModel, curves[i].Points);
        }

        chart.DrawLegend(svg);
        return svg.Append("</svg>\n").ToString();
    }

    private double Bottom => _top + PlotHeight;

    private double X(double rate) => Left + (Right - Left) * Math.Log(rate / _minRate) / Math.Log(_maxRate / _minRate);

    private double Y(double value) => Bottom - PlotHeight * (value - _minValue) / (_maxValue - _minValue);

    private void DrawAxes(StringBuilder svg, string label)
    {
        foreach (double rate in RateTicks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(rate):0.0}\" y1=\"{_top}\" x2=\"{X(rate):0.0}\" y2=\"{Bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(rate):0.0}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{rate:0.###}</text>\n");
        }

        double step = ValueStep();
        for (double i = Math.Ceiling(_minValue / step); i * step <= _maxValue; i++)
        {
            // Adding zero turns −0 into 0.
            double value = i * step + 0.0;
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" y1=\"{Y(value):0.0}\" x2=\"{Right}\" y2=\"{Y(value):0.0}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 7}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:0.##}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"frame\" x=\"{Left}\" y=\"{_top}\" width=\"{Right - Left}\" height=\"{PlotHeight}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + FootHeight - 10}\" text-anchor=\"middle\">bits per pixel (logarithmic)</text>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text transform=\"translate(14 {_top + PlotHeight / 2}) rotate(-90)\" text-anchor=\"middle\">{WebUtility.HtmlEncode(label)}</text>\n");
    }

    private void DrawCurve(StringBuilder svg, string color, string name, bool isModel, IReadOnlyList<(double Rate, double Value)> points)
    {
        string line = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Rate):0.0},{Y(point.Value):0.0}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{line}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{(isModel ? 3 : 1.6)}\"/>\n");
        foreach ((double rate, double value) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(rate):0.0}\" cy=\"{Y(value):0.0}\" r=\"{(isModel ? 4.5 : 2.8)}\" fill=\"{color}\">");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(name)}: {value:0.00} at {rate:0.000} bpp</title></circle>\n");
        }
    }

    /// <summary>Above the plot, where it hides no point, from left to right in as many rows as it needs.</summary>
    private static LegendEntry[] PlaceLegend(IReadOnlyList<string> names)
    {
        const double LetterWidth = 7.5;
        const double Spacing = 52;
        List<LegendEntry> entries = [];
        double x = Left;
        double y = 14;
        foreach (string name in names)
        {
            double width = Spacing + LetterWidth * name.Length;
            if (x > Left && x + width > Right)
            {
                x = Left;
                y += LegendRowHeight;
            }

            entries.Add(new LegendEntry(name, x, y));
            x += width;
        }

        return [.. entries];
    }

    private void DrawLegend(StringBuilder svg)
    {
        for (int i = 0; i < _legend.Length; i++)
        {
            (string name, double x, double y) = _legend[i];
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.0}\" x2=\"{x + 24:0.0}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{ColorOf(i)}\" stroke-width=\"3\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x + 12:0.0}\" cy=\"{y}\" r=\"4\" fill=\"{ColorOf(i)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 30:0.0}\" y=\"{y + 4.5:0.0}\">{WebUtility.HtmlEncode(name)}</text>\n");
        }
    }

    /// <summary>1, 2 and 5 times the powers of ten, and where those are too few, more digits.</summary>
    private double[] RateTicks()
    {
        double[] ticks = [];
        foreach (double[] digits in TickDigits)
        {
            ticks =
            [
                .. from power in Enumerable.Range(-5, 8)
                   from digit in digits
                   let rate = digit * Math.Pow(10, power)
                   where rate >= _minRate && rate <= _maxRate
                   select rate,
            ];
            if (ticks.Length >= 5)
            {
                break;
            }
        }

        return ticks;
    }

    private double ValueStep()
    {
        const int MaxTicks = 12;
        double span = _maxValue - _minValue;
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / MaxTicks)));
        return StepDigits.Select(digit => digit * power).First(step => span / step <= MaxTicks);
    }

    private sealed record LegendEntry(string Name, double X, double Y);
}
