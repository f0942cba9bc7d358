using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>What ImageSharp loads is what the library itself restores.</summary>
public class LoadTests
{
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained();
    private byte[] _file = [];
    private byte[] _pixels = [];

    [OneTimeSetUp]
    public void Compress()
    {
        _file = _compressor.Compress(TestPicture.Create(70, 50));
        _pixels = _compressor.Decompress(_file).Pixels.ToArray();
    }

    [OneTimeTearDown]
    public void Free() => _compressor.Dispose();

    [Test]
    public async Task Every_way_gives_the_same_pixels()
    {
        foreach (Image image in new[]
        {
            Image.Load(_file), Image.Load(new MemoryStream(_file)), Image.Load(new OneWayStream(_file)), await Image.LoadAsync(new MemoryStream(_file)),
            await Image.LoadAsync(new OneWayStream(_file)),
        })
        {
            Assert.That(image, Is.TypeOf<Image<Rgb24>>());
            Assert.That(TestPicture.Pixels((Image<Rgb24>)image), Is.EqualTo(_pixels));
            image.Dispose();
        }

        using Image<Rgb24> named = Image.Load<Rgb24>(_file, out IImageFormat format);
        Assert.That(format, Is.SameAs(IcdFormat.Instance));
    }

    [Test]
    public void Every_type_of_pixels_can_be_had()
    {
        CheckType<Rgba32>();
        CheckType<Bgra32>();
        CheckType<Rgba64>();
        using Image<Rgb24> colors = Image.Load<Rgb24>(_file);
        using Image<L8> grey = Image.Load<L8>(_file);
        using Image<L8> expected = colors.CloneAs<L8>();
        Assert.That(TestPicture.Pixels(grey), Is.EqualTo(TestPicture.Pixels(expected)));
    }

    [Test]
    public async Task What_is_left_of_a_stream_counts()
    {
        Configuration current = new(new IcdConfigurationModule()) { ReadOrigin = ReadOrigin.Current };
        using MemoryStream stream = new([1, 2, 3, .. _file]) { Position = 3 };
        using Image<Rgb24> image = await Image.LoadAsync<Rgb24>(current, stream);
        Assert.That(TestPicture.Pixels(image), Is.EqualTo(_pixels));
    }

    [Test]
    public async Task Identify_gives_the_size_of_any_codecs_file()
    {
        byte[] foreign = IcdFile.Encode(CodecFingerprint.Of("nobody's"u8), 700, 500, [1, 2, 3]);
        foreach (IImageInfo info in new[]
        {
            Image.Identify(foreign), Image.Identify(new OneWayStream(foreign)), await Image.IdentifyAsync(new MemoryStream(foreign)),
        })
        {
            Assert.That((info.Width, info.Height, info.PixelType.BitsPerPixel), Is.EqualTo((700, 500, 24)));
        }

        Image.Identify(foreign, out IImageFormat format);
        Assert.That(format, Is.SameAs(IcdFormat.Instance));
    }

    [Test]
    public void One_frame_and_no_metadata_are_what_every_file_has()
    {
        using Image image = Image.Load(_file);
        Assert.That(image.Frames, Has.Count.EqualTo(1));
        Assert.That((image.Metadata.ExifProfile, image.Metadata.IccProfile), Is.EqualTo(((object?)null, (object?)null)));
    }

    [Test]
    public async Task Many_threads_load_at_once()
    {
        // Not the default model, so that the threads race to load it too.
        using ImageCompressor strided = ImageCompressor.LoadPretrained("strided");
        byte[] file = strided.Compress(TestPicture.Create(70, 50));
        byte[] expected = strided.Decompress(file).Pixels.ToArray();

        byte[][] all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(file);
            return TestPicture.Pixels(image);
        })));

        Assert.That(all, Is.All.EqualTo(expected));
    }

    [Test]
    public void Damage_anywhere_is_invalid_content()
    {
        for (int i = 0; i < _file.Length; i += i < 20 ? 1 : 37)
        {
            byte[] cut = _file[..i];
            byte[] changed = [.. _file];
            changed[i] ^= 0x20;

            // Without its first two bytes a file is not known at all, for which Identify has null.
            Type expected = i < 2 ? typeof(UnknownImageFormatException) : typeof(InvalidImageContentException);
            Assert.That(() => Image.Load(new MemoryStream(cut)), Throws.TypeOf(expected), $"{i} bytes");
            if (i < 2)
            {
                Assert.That(Image.Identify(new MemoryStream(cut)), Is.Null, $"{i} bytes");
            }
            else
            {
                Assert.That(() => Image.Identify(new MemoryStream(cut)), Throws.TypeOf(expected), $"{i} bytes");
            }

            Assert.That(() => Image.Load(changed), Throws.TypeOf(expected), $"byte {i}");
            Assert.That(async () => await Image.LoadAsync(new MemoryStream(changed)), Throws.TypeOf(expected), $"byte {i}");
        }
    }

    [Test]
    public void The_librarys_message_and_exception_are_inside()
    {
        byte[] cut = _file[..^1];
        Assert.That(
            () => Image.Load(cut),
            Throws.TypeOf<InvalidImageContentException>().With.Message.Contains("checksum").And.InnerException.TypeOf<InvalidFileException>());
        byte[] later = [.. _file];
        later[1] = 0xD3;
        Assert.That(() => Image.Load(later), Throws.TypeOf<InvalidImageContentException>().With.Message.Contains("version 3"));
    }

    [Test]
    public void Memory_beyond_ImageSharps_limit_is_invalid_content()
    {
        Configuration small = new(new IcdConfigurationModule())
        {
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 1 }),
        };
        byte[] file = _compressor.Compress(new RgbImage(640, 640));
        Assert.That(
            () => Image.Load<Rgba32>(small, file),
            Throws.TypeOf<InvalidImageContentException>().With.InnerException.InstanceOf<InvalidMemoryOperationException>());
    }

    [Test]
    public void A_stopped_token_stops()
    {
        CancellationToken stopped = new(canceled: true);
        Assert.That(async () => await Image.LoadAsync(new MemoryStream(_file), stopped), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await Image.IdentifyAsync(new MemoryStream(_file), stopped), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_token_stops_the_network()
    {
        using CancellationTokenSource source = new();
        CodecFingerprint fingerprint = CodecFingerprint.Of("stops"u8);
        using ImageCompressor working = Stages.CreateCompressor(fingerprint);
        using ImageCompressor stopping = Stages.CreateCompressor(fingerprint, source.Cancel);
        Configuration configuration = new(new IcdConfigurationModule(stopping));
        byte[] file = working.Compress(new RgbImage(16, 16));

        Assert.That(
            async () => await Image.LoadAsync(configuration, new MemoryStream(file), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private void CheckType<TPixel>()
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = Image.Load<TPixel>(_file);
        Assert.That(TestPicture.Pixels(image), Is.EqualTo(_pixels), typeof(TPixel).Name);
    }
}
