using System.Diagnostics;
using System.Globalization;
using ImageCodec.Evaluation;
using ImageCodec.SamplePicture;

namespace ImageCodec.Benchmarks;

/// <summary>
/// Whole codecs, picture in, file out and back: the built-in models by calls in this process, the classical ones by their own commands. What a
/// command takes for a picture of 16×16, its start above all, is taken off; reading and writing files stays in, which is in the models' favour.
/// </summary>
internal static class CodecReport
{
    private const int Repetitions = 7;
    private const int TinySide = 16;

    private static readonly (string Name, double Setting)[] Classical = [("jpeg", 75), ("webp", 75), ("avif", 28)];

    /// <summary>Prints the table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="path">A picture; null for one of 768×512 that is rendered.</param>
    public static void Print(TextWriter output, string? path)
    {
        RgbImage picture = path is null ? StreetPicture.Render(768, 512) : ImageFile.Read(path);
        output.WriteLine($"{path ?? "a rendered picture"}, {picture.Width}×{picture.Height}, {Environment.ProcessorCount} cores, the median of {Repetitions} runs");
        output.WriteLine($"{"codec",-24}{"bpp",8}{"PSNR dB",10}{"encode ms",12}{"MPixel/s",10}{"decode ms",12}{"MPixel/s",10}{"start ms",10}");
        foreach (PretrainedModel model in PretrainedModel.All)
        {
            foreach (int threads in (int[])[1, 0])
            {
                PrintModel(output, model.Name, threads, picture);
            }
        }

        foreach ((string name, double setting) in Classical)
        {
            PrintClassical(output, name, setting, picture);
        }
    }

    private static void PrintModel(TextWriter output, string name, int threads, RgbImage picture)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained(name, threads);
        byte[] file = compressor.Compress(picture);
        RgbImage back = compressor.Decompress(file);
        double encode = Median(() => Time(() => compressor.Compress(picture)));
        double decode = Median(() => Time(() => compressor.Decompress(file)));
        Print(output, threads == 1 ? $"{name}, one thread" : name, picture, file.Length, Metrics.Psnr(picture, back), encode, decode, 0);
    }

    private static void PrintClassical(TextWriter output, string name, double setting, RgbImage picture)
    {
        if (!ClassicalCodecs.TryFind(name, out EvaluatedCodec? codec, out string? problem))
        {
            output.WriteLine($"{name,-24} left out: {problem}");
            return;
        }

        using ScratchFolder scratch = new();
        using ScratchFolder tinyScratch = new();
        SourcePicture source = new(picture, scratch);
        SourcePicture tiny = new(new RgbImage(TinySide, TinySide), tinyScratch);
        Measurement[] starts = [.. Enumerable.Range(0, Repetitions).Select(_ => codec.Run(tiny, setting, default).Measurement)];
        Measurement[] runs = [.. Enumerable.Range(0, Repetitions).Select(_ => codec.Run(source, setting, default).Measurement)];
        double encodeStart = Median(starts.Select(one => one.EncodeSeconds));
        double decodeStart = Median(starts.Select(one => one.DecodeSeconds));
        Print(
            output,
            string.Create(CultureInfo.InvariantCulture, $"{name}, {codec.SettingName} {setting}"),
            picture,
            runs[0].Bytes,
            runs[0].Distortion.Psnr,
            Median(runs.Select(one => one.EncodeSeconds)) - encodeStart,
            Median(runs.Select(one => one.DecodeSeconds)) - decodeStart,
            encodeStart);
    }

    private static void Print(TextWriter output, string name, RgbImage picture, long bytes, double psnr, double encode, double decode, double start)
    {
        double megapixels = picture.PixelCount * 1e-6;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-24}{Metrics.BitsPerPixel(bytes, picture.Width, picture.Height),8:0.000}{psnr,10:0.00}" +
            $"{1000 * encode,12:0.0}{megapixels / encode,10:0.0}{1000 * decode,12:0.0}{megapixels / decode,10:0.0}{1000 * start,10:0.0}"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(Func<double> run) => Median(Enumerable.Range(0, Repetitions).Select(_ => run()));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Repetitions / 2);
}
