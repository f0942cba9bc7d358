namespace ImageCodec.Evaluation;

/// <summary>One evaluation while it runs.</summary>
internal sealed class EvaluationRun
{
    private readonly EvaluationOptions _options;
    private readonly List<EvaluatedCodec> _codecs;
    private readonly List<SkippedItem> _skippedPictures = [];
    private readonly List<SkippedItem> _skippedCodecs;
    private readonly IProgress<EvaluationProgress>? _progress;

    public EvaluationRun(EvaluationOptions options, IReadOnlyList<EvaluatedCodec> codecs, IProgress<EvaluationProgress>? progress)
    {
        _options = options;
        _codecs = [.. codecs];
        _skippedCodecs = [.. options.MissingCodecs];
        _progress = progress;
    }

    /// <inheritdoc cref="Evaluator.Run"/>
    public EvaluationResult Run(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> files = _options.FindPictures().Pictures;
        using ScratchFolder scratch = new();
        List<PictureResult> pictures = [];
        FigureBudget budget = new(_options.KeepPictures);
        int steps = _codecs.Count + 1;
        for (int i = 0; i < files.Count; i++)
        {
            string name = Path.GetFileName(files[i]);
            int done = i * steps;
            if (Read(files[i], name) is { } image)
            {
                PictureRun run = new(name, new SourcePicture(image, scratch), budget);
                Measure(run, codec => _progress?.Report(new EvaluationProgress(done++, files.Count * steps, name, codec)), cancellationToken);
                pictures.Add(run.ToResult());
            }
        }

        _progress?.Report(new EvaluationProgress(files.Count * steps, files.Count * steps, null, null));
        if (pictures.Count == 0)
        {
            throw new ArgumentException(
                $"None of the {files.Count} pictures in «{_options.Folder}» can be measured; the first, '{_skippedPictures[0].Name}': {_skippedPictures[0].Reason}");
        }

        string[] names = [.. _codecs.Select(codec => codec.Name)];
        return _codecs.Count == 0
            ? throw new ArgumentException($"No codec is left to measure with: {_skippedCodecs[^1].Name}: {_skippedCodecs[^1].Reason}")
            : new EvaluationResult(_options, [.. pictures.Select(picture => picture.Only(names))], _codecs, _skippedPictures, _skippedCodecs);
    }

    private void Measure(PictureRun run, Action<string?> report, CancellationToken cancellationToken)
    {
        foreach (EvaluatedCodec codec in _codecs.ToArray())
        {
            report(codec.Name);
            OrSkip(codec, () => run.MeasureCurve(codec, cancellationToken));
        }

        report(null);
        ClassicalCodec? shown = _codecs.OfType<ClassicalCodec>().FirstOrDefault(codec => codec.Name == "jpeg") ?? _codecs.OfType<ClassicalCodec>().FirstOrDefault();
        foreach (ModelCodec model in _codecs.OfType<ModelCodec>())
        {
            run.MeasurePlain(model, cancellationToken);
            foreach (ClassicalCodec codec in _codecs.OfType<ClassicalCodec>().ToArray())
            {
                OrSkip(codec, () => run.Match(model, codec, codec == shown, cancellationToken));
            }
        }
    }

    private void OrSkip(EvaluatedCodec codec, Action work)
    {
        try
        {
            work();
        }
        catch (CodecFailedException e)
        {
            _codecs.Remove(codec);
            _skippedCodecs.Add(new SkippedItem(codec.Name, e.Message));
        }
    }

    /// <summary>Null, with a note, for a picture that can't be measured.</summary>
    private RgbImage? Read(string file, string name)
    {
        string? reason;
        try
        {
            // Pixels alone are measured: what all codecs can take.
            RgbImage read = ImageFile.Read(file).LayOver(RgbColor.White);
            RgbImage image = new(read.Width, read.Height, read.Pixels);
            reason = _codecs.Select(codec => codec.Refuse(image)).FirstOrDefault(refusal => refusal is not null);
            if (reason is null)
            {
                return image;
            }
        }
        catch (Exception e) when (e is InvalidFileException or IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
        }

        _skippedPictures.Add(new SkippedItem(name, reason));
        return null;
    }
}
