namespace ImageCodec.Evaluation;

/// <summary>One picture's measurements.</summary>
internal sealed class PictureResult
{
    internal PictureResult(
        string file, int width, int height, IReadOnlyDictionary<string, IReadOnlyList<Measurement>> curves, IReadOnlyDictionary<string, Distortion> plain, IReadOnlyList<Match> matches)
    {
        File = file;
        Width = width;
        Height = height;
        Curves = curves;
        Plain = plain;
        Matches = matches;
    }

    /// <summary>The file's name, without its folder.</summary>
    public string File { get; }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>By codec, a measurement at each of its settings, from the smallest files to the largest.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Measurement>> Curves { get; }

    /// <summary>By model, the picture through the networks alone, neither quantised nor coded.</summary>
    public IReadOnlyDictionary<string, Distortion> Plain { get; }

    /// <summary>For each model at its default level and each classical codec, the latter's file nearest in size.</summary>
    public IReadOnlyList<Match> Matches { get; }

    /// <summary>What the report shows, where it was asked for.</summary>
    internal IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>The same with some of the codecs only.</summary>
    internal PictureResult Only(IReadOnlyCollection<string> codecs) => new(
        File,
        Width,
        Height,
        Curves.Where(curve => codecs.Contains(curve.Key)).ToDictionary(),
        Plain,
        [.. Matches.Where(match => codecs.Contains(match.Codec))])
    {
        Figures = [.. Figures.Where(figure => figure.Kind == FigureKind.Original || codecs.Contains(figure.Codec))],
    };
}
