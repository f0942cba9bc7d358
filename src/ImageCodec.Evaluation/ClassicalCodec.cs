using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageCodec.Evaluation;

/// <summary>A classical codec, by its own commands.</summary>
internal sealed partial class ClassicalCodec : EvaluatedCodec
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromMinutes(5);

    private readonly ClassicalFormat _format;
    private readonly ExternalCommand _encoder;
    private readonly ExternalCommand _decoder;
    private readonly Lazy<string> _description;

    public ClassicalCodec(ClassicalFormat format, string encoder, string decoder, TimeSpan? timeout = null)
        : base(format.Name, format.SettingName, format.Settings)
    {
        _format = format;
        _encoder = new ExternalCommand(encoder, timeout ?? UsualTimeout);
        _decoder = new ExternalCommand(decoder, timeout ?? UsualTimeout);
        _description = new Lazy<string>(Describe);
    }

    internal override string Description => _description.Value;

    internal override string? Refuse(RgbImage image) => Math.Max(image.Width, image.Height) <= _format.MaxSide
        ? null
        : $"it has {image.Width}×{image.Height} pixels, but {Name} takes sides of at most {_format.MaxSide}.";

    internal override (Measurement Measurement, RgbImage Restored) Run(SourcePicture picture, double setting, CancellationToken cancellationToken)
    {
        string input = picture.As(_format.InputFormat);
        string coded = picture.Scratch["coded" + _format.Extension];
        string decoded = picture.Scratch["decoded" + _format.DecodedExtension];

        // What an earlier run left must not pass for the work of this one.
        File.Delete(coded);
        File.Delete(decoded);
        string value = setting.ToString(CultureInfo.InvariantCulture);
        TimeSpan encoding = _encoder.Run(Fill(_format.EncoderArguments, value, input, coded), cancellationToken);
        RequireFile(coded, _format.Encoder);
        TimeSpan decoding = _decoder.Run(Fill(_format.DecoderArguments, coded, decoded), cancellationToken);
        RequireFile(decoded, _format.Decoder);
        RgbImage restored = Read(decoded);
        if (restored.Width != picture.Image.Width || restored.Height != picture.Image.Height)
        {
            throw new CodecFailedException(
                $"'{_format.Decoder}' gave {restored.Width}×{restored.Height} pixels for a picture of {picture.Image.Width}×{picture.Image.Height}.");
        }

        return (picture.Measure(setting, new FileInfo(coded).Length, restored, encoding, decoding), restored);
    }

    /// <summary>
    /// The measurement whose file comes nearest to a rate: from the points of its curve the neighbours are taken, and the interval
    /// between them is halved down to the finest step. Of all files seen the nearest counts, as sizes may rise and fall a little.
    /// </summary>
    internal Measurement Match(SourcePicture picture, IReadOnlyList<Measurement> curve, double bitsPerPixel, CancellationToken cancellationToken)
    {
        Measurement best = curve.MinBy(Distance)!;
        int upper = curve.TakeWhile(one => one.BitsPerPixel < bitsPerPixel).Count();
        if (upper == 0 || upper == curve.Count)
        {
            return best;
        }

        double low = curve[upper - 1].Setting;
        double high = curve[upper].Setting;
        while (Math.Abs(high - low) > _format.Step)
        {
            double middle = Math.Round((low + high) / 2 / _format.Step) * _format.Step;
            Measurement tried = Run(picture, middle, cancellationToken).Measurement;
            best = Distance(tried) < Distance(best) ? tried : best;
            (low, high) = tried.BitsPerPixel < bitsPerPixel ? (middle, high) : (low, middle);
        }

        return best;

        double Distance(Measurement one) => Math.Abs(one.BitsPerPixel - bitsPerPixel);
    }

    private static string[] Fill(string template, params object[] values) =>
        [.. template.Split(' ').Select(word => string.Format(CultureInfo.InvariantCulture, word, values))];

    private static void RequireFile(string path, string command)
    {
        if (!File.Exists(path))
        {
            throw new CodecFailedException($"'{command}' ended well, but wrote no file.");
        }
    }

    private RgbImage Read(string path)
    {
        try
        {
            return ImageFile.Read(path);
        }
        catch (InvalidFileException e)
        {
            throw new CodecFailedException($"'{_format.Decoder}' wrote a picture that can't be read: {e.Message}", e);
        }
    }

    /// <summary>The command line with the encoder's version, where it says one.</summary>
    private string Describe()
    {
        string arguments = string.Format(CultureInfo.InvariantCulture, _format.EncoderArguments, _format.SettingName.ToUpperInvariant(), "INPUT", "OUTPUT");
        string version = Version();
        return version.Length == 0 ? $"{_format.Encoder} {arguments}" : $"{_format.Encoder} {version}: {arguments}";
    }

    private string Version()
    {
        try
        {
            return VersionNumber().Match(_encoder.Ask(_format.VersionArgument)).Value;
        }
        catch (CodecFailedException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*")]
    private static partial Regex VersionNumber();
}
