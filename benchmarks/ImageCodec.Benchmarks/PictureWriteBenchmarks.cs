using BenchmarkDotNet.Attributes;
using ImageCodec.SamplePicture;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SkiaSharp;

namespace ImageCodec.Benchmarks;

/// <summary>Writing picture files of 1536×1024 to memory, JPEG at quality 90, beside SkiaSharp (native) and ImageSharp 2.1 (managed).</summary>
public class PictureWriteBenchmarks
{
    private readonly RgbImage _picture = StreetPicture.Render(1536, 1024);
    private SKBitmap _bitmap = null!;
    private Image<Rgb24> _image = null!;

    [Params(ImageFileFormat.Jpeg, ImageFileFormat.Png)]
    public ImageFileFormat Format { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _bitmap = new SKBitmap(1536, 1024, SKColorType.Rgba8888, SKAlphaType.Opaque);
        _picture.CopyPixelsTo(_bitmap.GetPixelSpan(), PixelLayout.Rgbx32);
        _image = Image.LoadPixelData<Rgb24>(_picture.Pixels, _picture.Width, _picture.Height);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _bitmap.Dispose();
        _image.Dispose();
    }

    [Benchmark(Baseline = true)]
    public byte[] Write() => ImageFile.Encode(_picture, Format);

    [Benchmark]
    public long SkiaSharp()
    {
        using SKData data = _bitmap.Encode(Format == ImageFileFormat.Jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, 90);
        return data.Size;
    }

    [Benchmark]
    public long ImageSharp()
    {
        using MemoryStream stream = new();
        if (Format == ImageFileFormat.Jpeg)
        {
            _image.SaveAsJpeg(stream, new JpegEncoder { Quality = 90 });
        }
        else
        {
            _image.SaveAsPng(stream);
        }

        return stream.Length;
    }
}
