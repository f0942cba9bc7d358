namespace ImageCodec.Evaluation;

/// <summary>One codec over all pictures.</summary>
internal sealed class CodecResult
{
    internal CodecResult(EvaluatedCodec codec, IReadOnlyList<PictureResult> pictures)
    {
        Name = codec.Name;
        Description = codec.Description;
        SettingName = codec.SettingName;
        Points = [.. codec.Settings.Select((setting, i) => MeanMeasurement.Of(setting, [.. pictures.Select(picture => picture.Curves[codec.Name][i])]))];
        if (codec is ModelCodec model)
        {
            DefaultPoint = Points.Single(point => point.Setting == model.DefaultLevel);
            Distortion[] plain = [.. pictures.Select(picture => picture.Plain.GetValueOrDefault(codec.Name)).OfType<Distortion>()];
            PlainPsnr = plain.Length > 0 ? plain.Average(distortion => distortion.Psnr) : null;
            PlainMsSsim = plain.Length > 0 ? plain.Average(distortion => distortion.MsSsim) : null;
            PlainSsimulacra2 = plain.Length > 0 ? plain.Average(distortion => distortion.Ssimulacra2) : null;
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it is, in a few words; of a classical codec the encoder's version and arguments.</summary>
    public string Description { get; }

    /// <summary>What a setting is.</summary>
    public string SettingName { get; }

    /// <summary>Means over the pictures at each setting, from the smallest files to the largest: the rate–distortion curve.</summary>
    public IReadOnlyList<MeanMeasurement> Points { get; }

    /// <summary>The point of a model's default level; null for classical codecs, which have none here.</summary>
    public MeanMeasurement? DefaultPoint { get; }

    /// <summary>Mean PSNR in dB without quantisation; null for codecs of which that can't be said.</summary>
    public double? PlainPsnr { get; }

    /// <summary>Mean MS-SSIM without quantisation; null for codecs of which that can't be said.</summary>
    public double? PlainMsSsim { get; }

    /// <summary>Mean score of SSIMULACRA2 without quantisation; null for codecs of which that can't be said.</summary>
    public double? PlainSsimulacra2 { get; }

    /// <summary>Whether it is one of this library.</summary>
    public bool IsModel => DefaultPoint is not null;

    /// <summary>The best points by PSNR, as others take them.</summary>
    internal IReadOnlyList<RateDistortionPoint> Curve =>
        [.. BestPoints(QualityMetric.Psnr).Select(point => new RateDistortionPoint(point.BitsPerPixel, point.Psnr))];

    /// <summary>The points that no other beats with as few bits and as high a quality: what a user would choose from.</summary>
    internal IReadOnlyList<MeanMeasurement> BestPoints(QualityMetric metric)
    {
        List<MeanMeasurement> best = [];
        foreach (MeanMeasurement point in Points.OrderBy(point => point.BitsPerPixel).ThenByDescending(metric.Of))
        {
            if (best.Count == 0 || metric.Of(point) > metric.Of(best[^1]))
            {
                best.Add(point);
            }
        }

        return best;
    }
}
