namespace ImageCodec.Evaluation;

/// <summary>The picture being measured, also as files that commands can read. Only pixels: no profile or other text of the original file.</summary>
internal sealed class SourcePicture(RgbImage image, ScratchFolder scratch)
{
    private readonly Dictionary<ImageFileFormat, string> _files = [];

    public RgbImage Image => image;

    /// <summary>A place for files while this picture is measured.</summary>
    public ScratchFolder Scratch => scratch;

    /// <summary>The path of the picture in a format.</summary>
    public string As(ImageFileFormat format)
    {
        if (!_files.TryGetValue(format, out string? path))
        {
            path = scratch.Write(format == ImageFileFormat.Png ? "input.png" : "input.ppm", ImageFile.Encode(image, format));
            _files.Add(format, path);
        }

        return path;
    }

    /// <summary>Figures of a file that was made of this picture.</summary>
    public Measurement Measure(double setting, long bytes, RgbImage restored, TimeSpan encoding, TimeSpan decoding) => new(
        setting,
        bytes,
        Metrics.BitsPerPixel(bytes, image.Width, image.Height),
        Distortion.Between(image, restored),
        encoding.TotalSeconds,
        decoding.TotalSeconds);
}
