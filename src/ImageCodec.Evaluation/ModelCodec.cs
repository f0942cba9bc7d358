using System.Diagnostics;

namespace ImageCodec.Evaluation;

/// <summary>A codec of this library.</summary>
internal sealed class ModelCodec : EvaluatedCodec
{
    private const int MostLevels = 8;
    private const int WarmingEffort = 1;

    private readonly ImageCompressor _compressor;
    private readonly int _effort;
    private bool _isWarm;

    public ModelCodec(string name, ImageCompressor compressor, int effort)
        : base(name, "level", ChooseLevels(compressor.LevelCount, compressor.DefaultLevel))
    {
        _compressor = compressor;
        _effort = effort;
    }

    internal override string Description =>
        $"codec {_compressor.Fingerprint}, {_compressor.LevelCount} levels, {_compressor.DefaultLevel} by default{(_effort > 0 ? $", effort {_effort}" : "")}";

    /// <summary>The level that is used where none is asked for.</summary>
    public int DefaultLevel => _compressor.DefaultLevel;

    /// <summary>The picture through the networks alone; null for a codec of which that can't be said.</summary>
    public RgbImage? RestoreWithoutQuantization(RgbImage image, CancellationToken cancellationToken) =>
        _compressor.ReconstructWithoutQuantization(image, cancellationToken: cancellationToken);

    internal override string? Refuse(RgbImage image) => _compressor.Takes(image.Width, image.Height)
        ? null
        : $"it has {image.Width}×{image.Height} pixels, but {Name} takes at most {_compressor.MaxPixelCount}.";

    internal override (Measurement Measurement, RgbImage Restored) Run(SourcePicture picture, double setting, CancellationToken cancellationToken)
    {
        if (!_isWarm)
        {
            // The first run compiles the code, which is no part of a codec's time. What takes long at a high effort is the same code again and again.
            byte[] first = Compress(picture.Image, setting, Math.Min(_effort, WarmingEffort), cancellationToken);
            _compressor.Decompress(first, cancellationToken: cancellationToken);
            _isWarm = true;
        }

        Stopwatch watch = Stopwatch.StartNew();
        byte[] file = Compress(picture.Image, setting, _effort, cancellationToken);
        TimeSpan encoding = watch.Elapsed;
        byte[] read = File.ReadAllBytes(picture.Scratch.Write("coded" + IcdFile.Extension, file));
        watch.Restart();
        RgbImage restored = _compressor.Decompress(read, cancellationToken: cancellationToken);
        TimeSpan decoding = watch.Elapsed;
        return (picture.Measure(setting, read.Length, restored, encoding, decoding), restored);
    }

    private byte[] Compress(RgbImage image, double level, int effort, CancellationToken cancellationToken) =>
        _compressor.Compress(image, new CompressionOptions { Level = (int)level, Effort = effort }, cancellationToken);

    /// <summary>All levels where they are few, else some of them at equal distances, the default one among them.</summary>
    private static double[] ChooseLevels(int count, int usual)
    {
        int distance = (count + MostLevels - 1) / MostLevels;
        return [.. Enumerable.Range(1, count).Where(level => (level - usual) % distance == 0).Select(level => (double)level)];
    }
}
