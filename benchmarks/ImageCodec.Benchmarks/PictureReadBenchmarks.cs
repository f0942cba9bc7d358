using BenchmarkDotNet.Attributes;
using ImageCodec.SamplePicture;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SkiaSharp;

namespace ImageCodec.Benchmarks;

/// <summary>Reading picture files of 1536×1024 from memory, beside SkiaSharp (native) and ImageSharp 2.1 (managed).</summary>
public class PictureReadBenchmarks
{
    private byte[] _file = [];

    [Params(ImageFileFormat.Jpeg, ImageFileFormat.Png)]
    public ImageFileFormat Format { get; set; }

    [GlobalSetup]
    public void SetUp() => _file = ImageFile.Encode(StreetPicture.Render(1536, 1024), Format);

    [Benchmark(Baseline = true)]
    public RgbImage Read() => ImageFile.Read(_file);

    [Benchmark]
    public int SkiaSharp()
    {
        using SKBitmap bitmap = SKBitmap.Decode(_file);
        return bitmap.Width;
    }

    [Benchmark]
    public int ImageSharp()
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(_file);
        return image.Width;
    }
}
