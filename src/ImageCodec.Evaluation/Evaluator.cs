namespace ImageCodec.Evaluation;

/// <summary>Measures codecs over the pictures of a folder, by real files.</summary>
public sealed class Evaluator
{
    private readonly EvaluationOptions _options;
    private readonly List<EvaluatedCodec> _codecs;
    private readonly List<LeftOut> _skippedPictures = [];
    private readonly List<LeftOut> _leftOutCodecs;
    private readonly IProgress<EvaluationProgress>? _progress;

    private Evaluator(EvaluationOptions options, IReadOnlyList<EvaluatedCodec> codecs, IProgress<EvaluationProgress>? progress)
    {
        _options = options;
        _codecs = [.. codecs];
        _leftOutCodecs = [.. options.MissingCodecs];
        _progress = progress;
    }

    /// <summary>
    /// Measures each picture with each codec at each of its settings, and finds for each model at its default setting the file of each
    /// classical codec that is nearest in size.
    /// </summary>
    /// <remarks>
    /// A picture that can't be read or that one of the codecs can't take is left out for all of them, so that all means are over the
    /// same pictures. A classical codec whose command fails is left out from there on and of the results. Temporary files lie in a folder
    /// of their own, which is gone afterwards.
    /// </remarks>
    /// <param name="options">What to measure with.</param>
    /// <param name="codecs">The codecs, of different names.</param>
    /// <param name="progress">Is told of each step, on the thread that works.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no codec or no picture, two codecs have one name, or no picture could be measured.</exception>
    /// <exception cref="IOException">There is no such folder, or temporary files can't be written.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static EvaluationResult Run(
        EvaluationOptions options, IReadOnlyList<EvaluatedCodec> codecs, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(codecs);
        if (codecs.Count == 0)
        {
            throw new ArgumentException("There is no codec to measure.", nameof(codecs));
        }

        if (codecs.GroupBy(codec => codec.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two codecs have the name '{twice.Key}'.", nameof(codecs));
        }

        return new Evaluator(options, codecs, progress).Run(cancellationToken);
    }

    private EvaluationResult Run(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> files = _options.FindPictures();
        using ScratchFolder scratch = new();
        List<PictureResult> pictures = [];
        FigureBudget budget = new(_options.KeepFigures);
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

        _progress?.Report(new EvaluationProgress(files.Count * steps, files.Count * steps, "", ""));
        if (pictures.Count == 0)
        {
            throw new ArgumentException(
                $"None of the {files.Count} pictures in «{_options.Folder}» can be measured; the first, '{_skippedPictures[0].Name}': {_skippedPictures[0].Reason}");
        }

        string[] names = [.. _codecs.Select(codec => codec.Name)];
        return _codecs.Count == 0
            ? throw new ArgumentException($"No codec is left to measure with: {_leftOutCodecs[^1].Name}: {_leftOutCodecs[^1].Reason}")
            : new EvaluationResult(_options, [.. pictures.Select(picture => picture.Only(names))], _codecs, _skippedPictures, _leftOutCodecs);
    }

    private void Measure(PictureRun run, Action<string> report, CancellationToken cancellationToken)
    {
        foreach (EvaluatedCodec codec in _codecs.ToArray())
        {
            report(codec.Name);
            OrLeaveOut(codec, () => run.MeasureCurve(codec, cancellationToken));
        }

        report("matches");
        ClassicalCodec? shown = _codecs.OfType<ClassicalCodec>().FirstOrDefault(codec => codec.Name == "jpeg") ?? _codecs.OfType<ClassicalCodec>().FirstOrDefault();
        foreach (ModelCodec model in _codecs.OfType<ModelCodec>())
        {
            run.MeasurePlain(model, cancellationToken);
            foreach (ClassicalCodec codec in _codecs.OfType<ClassicalCodec>().ToArray())
            {
                OrLeaveOut(codec, () => run.Match(model, codec, codec == shown, cancellationToken));
            }
        }
    }

    private void OrLeaveOut(EvaluatedCodec codec, Action work)
    {
        try
        {
            work();
        }
        catch (CodecFailedException e)
        {
            _codecs.Remove(codec);
            _leftOutCodecs.Add(new LeftOut(codec.Name, e.Message));
        }
    }

    /// <summary>Null, with a note, for a picture that can't be measured.</summary>
    private RgbImage? Read(string file, string name)
    {
        string? reason;
        try
        {
            RgbImage image = ImageFile.Read(file);
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

        _skippedPictures.Add(new LeftOut(name, reason));
        return null;
    }
}
