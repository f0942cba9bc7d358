namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The scales that a file holds, and the beginnings of files that hold them.</summary>
public class FittedScaleTests
{
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained("fitted", maxThreads: 2);
    private readonly byte[] _file;

    public FittedScaleTests() => _file = _compressor.Compress(TestPicture.Create(61, 43));

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [TestCase(1, 61, 43)]
    [TestCase(2, 31, 22)]
    [TestCase(4, 16, 11)]
    [TestCase(8, 8, 6)]
    public async Task Every_scale_has_its_size_by_every_way(int scale, int width, int height)
    {
        DecompressionOptions options = new() { Scale = scale };
        RgbImage picture = _compressor.Decompress(_file, options);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((width, height)));
        using MemoryStream stream = new(_file);
        using MemoryStream again = new(_file);
        RgbImage[] others =
        [
            _compressor.Decompress(stream, options),
            await _compressor.DecompressAsync(_file, options),
            await _compressor.DecompressAsync(again, options),
            _compressor.DecompressPrefix(_file, options),
        ];
        Assert.That(others.All(other => other.Pixels.SequenceEqual(picture.Pixels)), Is.True);
    }

    [Test]
    public void A_coarse_scale_looks_like_the_picture()
    {
        RgbImage picture = TestPicture.Create(61, 43);
        RgbImage half = _compressor.Decompress(_file, new DecompressionOptions { Scale = 2 });
        double ownError = 0;
        double flatError = 0;
        for (int y = 0; y < 21; y++)
        {
            for (int x = 0; x < 30; x++)
            {
                // The red channel is a ramp.
                int mean = (picture.GetRow(2 * y)[6 * x] + picture.GetRow(2 * y)[6 * x + 3]) / 2;
                ownError += Math.Pow(half.GetRow(y)[3 * x] - mean, 2);
                flatError += Math.Pow(128 - mean, 2);
            }
        }

        Assert.That(ownError, Is.LessThan(flatError / 4));
    }

    [Test]
    public void The_beginning_that_a_scale_needs_is_just_enough()
    {
        FittedInfo info = FittedInfo.Read(_file);
        Assert.That(info.Scales.Select(scale => scale.Scale), Is.EqualTo(new[] { 8, 4, 2, 1 }));
        Assert.That(info.Scales.Select(scale => scale.FileLength), Is.Ordered.Ascending);
        Assert.That(info.Scales[^1].FileLength, Is.EqualTo(_file.Length));
        Assert.That(info.Scales[0].FileLength, Is.LessThan(_file.Length));
        foreach (ScaleInfo scale in info.Scales)
        {
            DecompressionOptions options = new() { Scale = scale.Scale };
            RgbImage whole = _compressor.Decompress(_file, options);
            byte[] prefix = _file[..scale.FileLength];
            RgbImage picture = _compressor.DecompressPrefix(prefix, options);
            Assert.That((picture.Width, picture.Height), Is.EqualTo((scale.Width, scale.Height)));
            Assert.That(picture.Pixels.SequenceEqual(whole.Pixels), Is.True);
            if (scale.Scale > 1)
            {
                Assert.That(
                    () => _compressor.DecompressPrefix(prefix.AsMemory(0, prefix.Length - 1), options),
                    Throws.TypeOf<InvalidFileException>().With.Message.Contains("needs more"));
                Assert.That(() => _compressor.Decompress(prefix, options), Throws.TypeOf<InvalidFileException>().With.Message.Contains("checksum"));
            }
        }
    }

    [Test]
    public void Every_beginning_gives_the_right_picture_or_is_refused()
    {
        foreach (int scale in DecompressionOptions.Scales)
        {
            byte[] expected = _compressor.Decompress(_file, new DecompressionOptions { Scale = scale }).Pixels.ToArray();
            int refused = 0;
            for (int length = 0; length < _file.Length; length += 7)
            {
                try
                {
                    RgbImage picture = _compressor.DecompressPrefix(_file.AsMemory(0, length), new DecompressionOptions { Scale = scale });
                    Assert.That(picture.Pixels.SequenceEqual(expected), Is.True, $"{length} bytes at 1/{scale}");
                }
                catch (InvalidFileException)
                {
                    refused++;
                }
            }

            Assert.That(refused, Is.GreaterThan(0));
        }
    }

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(17, 1)]
    public void Pictures_that_are_smaller_than_the_scale_have_it_too(int width, int height)
    {
        byte[] file = _compressor.Compress(TestPicture.Create(width, height));
        RgbImage picture = _compressor.Decompress(file, new DecompressionOptions { Scale = 8 });
        Assert.That((picture.Width, picture.Height), Is.EqualTo(((width + 7) / 8, (height + 7) / 8)));
        Assert.That(FittedInfo.Read(file).Scales[0].Width, Is.EqualTo((width + 7) / 8));
    }

    [Test]
    public void What_is_no_scale_is_refused_at_once([Values(0, -1, 3, 16)] int scale)
    {
        DecompressionOptions options = new() { Scale = scale };
        Assert.That(() => _compressor.Decompress(_file, options), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => { _compressor.DecompressAsync(_file, options); }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _compressor.DecompressPrefix(_file, options), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Other_codecs_say_that_they_have_no_scales()
    {
        using ImageCompressor strided = ImageCompressor.LoadPretrained("strided");
        byte[] file = strided.Compress(TestPicture.Create(16, 16));
        Assert.That(
            () => strided.Decompress(file, new DecompressionOptions { Scale = 2 }), Throws.TypeOf<NotSupportedException>().With.Message.Contains("«fitted»"));
        Assert.That(() => strided.DecompressPrefix(file.AsMemory(0, file.Length - 1), new DecompressionOptions()), Throws.TypeOf<NotSupportedException>());
        Assert.That(strided.Decompress(file, new DecompressionOptions { Scale = 1 }).Pixels.SequenceEqual(strided.Decompress(file).Pixels), Is.True);
        Assert.That(() => FittedInfo.Read(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("«strided»"));
    }

    [Test]
    public void A_beginning_of_another_codecs_file_is_refused()
    {
        byte[] other = [.. _file];
        other[2] ^= 1;
        Assert.That(
            () => _compressor.DecompressPrefix(other.AsMemory(0, other.Length - 4), new DecompressionOptions { Scale = 8 }),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("needs the codec"));
    }
}
