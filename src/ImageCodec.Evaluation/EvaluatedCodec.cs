namespace ImageCodec.Evaluation;

/// <summary>A codec to measure: one of this library, see <see cref="Of"/>, or a classical one, see <see cref="ClassicalCodecs"/>.</summary>
/// <remarks>For one evaluation at a time, so not for several threads at once.</remarks>
public abstract class EvaluatedCodec
{
    private protected EvaluatedCodec(string name, string settingName, IReadOnlyList<double> settings)
    {
        Name = name;
        SettingName = settingName;
        Settings = settings;
    }

    /// <summary>The name in results.</summary>
    public string Name { get; }

    /// <summary>What a setting is: level, quality, quantizer, …</summary>
    internal string SettingName { get; }

    /// <summary>The settings of its curve, from the smallest files to the largest.</summary>
    internal IReadOnlyList<double> Settings { get; }

    /// <summary>What it is, in a few words.</summary>
    internal abstract string Description { get; }

    /// <summary>A codec of this library, measured at all levels, or at eight of them where there are more. The compressor stays the caller's.</summary>
    /// <param name="name">The name in results; not empty.</param>
    /// <param name="compressor">The codec.</param>
    /// <param name="effort">As <see cref="CompressionOptions.Effort"/>.</param>
    /// <exception cref="ArgumentException">The name is empty or null, there is no compressor, or the effort is out of range.</exception>
    public static EvaluatedCodec Of(string name, ImageCompressor compressor, int effort = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(compressor);
        ArgumentOutOfRangeException.ThrowIfNegative(effort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(effort, CompressionOptions.MaxEffort);
        return new ModelCodec(name, compressor, effort);
    }

    /// <summary>Why a picture can't be measured with this codec, or null.</summary>
    internal abstract string? Refuse(RgbImage image);

    /// <summary>Writes a real file, reads it back and measures.</summary>
    /// <exception cref="CodecFailedException">A command failed.</exception>
    internal abstract (Measurement Measurement, RgbImage Restored) Run(SourcePicture picture, double setting, CancellationToken cancellationToken);
}
