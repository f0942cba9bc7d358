namespace ImageCodec.Evaluation;

/// <summary>The measurements of one picture while they are made.</summary>
internal sealed class PictureRun
{
    private readonly string _name;
    private readonly SourcePicture _picture;
    private readonly FigureBudget _budget;
    private readonly bool _keepsFigures;
    private readonly Dictionary<string, IReadOnlyList<Measurement>> _curves = [];
    private readonly Dictionary<string, Distortion> _plain = [];
    private readonly List<Match> _matches = [];
    private readonly List<Figure> _figures = [];

    public PictureRun(string name, SourcePicture picture, FigureBudget budget)
    {
        _name = name;
        _picture = picture;
        _budget = budget;
        _keepsFigures = budget.HasRoom;
        if (_keepsFigures)
        {
            Keep(FigureKind.Original, "", "", null, null, picture.Image);
        }
    }

    /// <summary>Measures at each of a codec's settings.</summary>
    public void MeasureCurve(EvaluatedCodec codec, CancellationToken cancellationToken)
    {
        List<Measurement> curve = [];
        foreach (double setting in codec.Settings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (Measurement measurement, RgbImage restored) = codec.Run(_picture, setting, cancellationToken);
            curve.Add(measurement);
            if (codec is ModelCodec model && setting == model.DefaultLevel && _keepsFigures)
            {
                Keep(FigureKind.Quantized, codec.Name, codec.Name, measurement.Distortion, measurement.BitsPerPixel, restored);
            }
        }

        _curves.Add(codec.Name, curve);
    }

    /// <summary>Measures a model's networks without quantiser and coder, where it has such a way.</summary>
    public void MeasurePlain(ModelCodec model, CancellationToken cancellationToken)
    {
        if (model.RestoreWithoutQuantization(_picture.Image, cancellationToken) is not { } restored)
        {
            return;
        }

        Distortion distortion = Distortion.Between(_picture.Image, restored);
        _plain.Add(model.Name, distortion);
        if (_keepsFigures)
        {
            Keep(FigureKind.Plain, model.Name, model.Name, distortion, null, restored);
        }
    }

    /// <summary>Finds a classical codec's file that is nearest in size to that of a model at its default level.</summary>
    public void Match(ModelCodec model, ClassicalCodec codec, bool isInFigure, CancellationToken cancellationToken)
    {
        double target = _curves[model.Name].Single(one => one.Setting == model.DefaultLevel).BitsPerPixel;
        Measurement match = codec.Match(_picture, _curves[codec.Name], target, cancellationToken);
        _matches.Add(new Match(model.Name, codec.Name, match));
        if (_keepsFigures && isInFigure)
        {
            RgbImage restored = codec.Run(_picture, match.Setting, cancellationToken).Restored;
            Keep(FigureKind.Matched, model.Name, codec.Name, match.Distortion, match.BitsPerPixel, restored);
        }
    }

    /// <summary>What has been measured.</summary>
    public PictureResult ToResult() => new(_name, _picture.Image.Width, _picture.Image.Height, _curves, _plain, _matches) { Figures = _figures };

    private void Keep(FigureKind kind, string model, string codec, Distortion? distortion, double? rate, RgbImage image) =>
        _figures.Add(new Figure(kind, model, codec, distortion, rate, _budget.Take(ImageFile.Encode(image, ImageFileFormat.Png))));
}
