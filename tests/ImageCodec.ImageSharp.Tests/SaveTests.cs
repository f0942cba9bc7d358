using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>What ImageSharp saves is the very file that the library itself makes.</summary>
public class SaveTests
{
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained();
    private readonly RgbImage _picture = TestPicture.Create(96, 64);
    private readonly Image<Rgb24> _image = TestPicture.CreateImageSharp<Rgb24>(96, 64);

    [OneTimeTearDown]
    public void Free()
    {
        _compressor.Dispose();
        _image.Dispose();
    }

    [Test]
    public async Task A_path_is_enough()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            byte[] expected = _compressor.Compress(_picture);
            foreach (string name in new[] { "one.icd", "two.ICD", "three.icd" })
            {
                string path = Path.Combine(folder.FullName, name);
                if (name == "three.icd")
                {
                    await _image.SaveAsync(path);
                }
                else
                {
                    _image.Save(path);
                }

                Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(expected));
                using Image<Rgb24> loaded = name == "three.icd" ? await Image.LoadAsync<Rgb24>(path) : Image.Load<Rgb24>(path);
                Assert.That(TestPicture.Pixels(loaded), Is.EqualTo(_compressor.Decompress(expected).Pixels.ToArray()));
                Assert.That((await Image.IdentifyAsync(path)).Size, Is.EqualTo(new Size(96, 64)));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Streams_are_written_whether_they_can_seek_or_not()
    {
        byte[] expected = _compressor.Compress(_picture);
        using MemoryStream plain = new();
        await _image.SaveAsync(plain, IcdFormat.Instance);
        Assert.That(plain.ToArray(), Is.EqualTo(expected));

        using OneWayTarget oneWay = new();
        _image.Save(oneWay, new IcdEncoder());
        await _image.SaveAsync(oneWay, new IcdEncoder());
        Assert.That(oneWay.ToArray(), Is.EqualTo((byte[])[.. expected, .. expected]));
    }

    [Test]
    public void Options_are_those_of_the_library()
    {
        Check(new IcdEncoder { Quality = 20 }, new CompressionOptions { Quality = 20 });
        Check(new IcdEncoder { Quality = 80, Effort = 1 }, new CompressionOptions { Quality = 80, Effort = 1 });
        Check(new IcdEncoder { BitsPerPixel = 0.7 }, new CompressionOptions { BitsPerPixel = 0.7 });
        Check(new IcdEncoder { Psnr = 27 }, new CompressionOptions { Psnr = 27 });
        Check(new IcdEncoder { Ssimulacra2 = 40 }, new CompressionOptions { Ssimulacra2 = 40 });
        Check(new IcdEncoder { MaxError = 1 }, new CompressionOptions { MaxError = 1 });
        Assert.That(Save(_image, new IcdEncoder { Quality = 20 }), Has.Length.LessThan(Save(_image, new IcdEncoder { Quality = 80 }).Length));
    }

    [Test]
    public void Contradictions_are_refused()
    {
        Assert.That(() => Save(_image, new IcdEncoder { Quality = 20, Psnr = 30 }), Throws.ArgumentException);
        Assert.That(() => Save(_image, new IcdEncoder { Quality = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Save(_image, new IcdEncoder { Effort = 10 }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Every_type_of_pixels_is_saved()
    {
        byte[] expected = _compressor.Compress(_picture);
        CheckType<Bgra32>(expected);
        CheckType<Rgba64>(expected);
        CheckType<Bgr24>(expected);

        using Image<L8> grey = _image.CloneAs<L8>();
        Assert.That(Save(grey, new IcdEncoder()), Is.EqualTo(_compressor.Compress(grey.ToRgbImage())));
    }

    [Test]
    public void Transparency_is_saved()
    {
        using Image<Rgba32> image = TestPicture.CreateImageSharp<Rgba32>(96, 64);
        image[30, 20] = new Rgba32(10, 20, 30, 0);

        RgbImage back = _compressor.Decompress(Save(image, new IcdEncoder()));

        Assert.That(back.Alpha.ToArray(), Is.EqualTo(image.ToRgbImage().Alpha.ToArray()));
        Assert.That(back.Alpha[(20 * 96) + 30], Is.Zero);
    }

    [Test]
    public void The_first_frame_is_saved()
    {
        using Image<Rgb24> animation = _image.Clone();
        using Image<Rgb24> second = new(96, 64);
        animation.Frames.AddFrame(second.Frames.RootFrame);
        Assert.That(Save(animation, new IcdEncoder()), Is.EqualTo(_compressor.Compress(_picture)));
    }

    [Test]
    public void A_token_stops_before_anything_is_written()
    {
        using MemoryStream stream = new();
        CancellationToken stopped = new(canceled: true);
        Assert.That(async () => await _image.SaveAsync(stream, new IcdEncoder(), stopped), Throws.InstanceOf<OperationCanceledException>());

        using CancellationTokenSource source = new();
        using ImageCompressor stopping = Stages.CreateCompressor(CodecFingerprint.Of("stops"u8), source.Cancel);
        Assert.That(
            async () => await _image.SaveAsync(stream, new IcdEncoder { Compressor = stopping }, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public async Task Many_threads_save_at_once()
    {
        byte[] expected = _compressor.Compress(_picture);
        IcdEncoder encoder = new();
        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Save(_image, encoder))));
        Assert.That(all, Is.All.EqualTo(expected));
    }

    private static byte[] Save(Image image, IcdEncoder encoder)
    {
        using MemoryStream stream = new();
        image.Save(stream, encoder);
        return stream.ToArray();
    }

    private void Check(IcdEncoder encoder, CompressionOptions options) =>
        Assert.That(Save(_image, encoder), Is.EqualTo(_compressor.Compress(_picture, options)));

    private void CheckType<TPixel>(byte[] expected)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = _image.CloneAs<TPixel>();
        Assert.That(Save(image, new IcdEncoder()), Is.EqualTo(expected), typeof(TPixel).Name);
    }

    private sealed class OneWayTarget : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
