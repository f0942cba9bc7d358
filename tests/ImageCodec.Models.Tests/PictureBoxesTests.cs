using System.Buffers;
using ImageCodec.Entropy;

namespace ImageCodec.Models.Tests;

/// <summary>What belongs to a picture beside its colours, through compressing and restoring.</summary>
public sealed class PictureBoxesTests
{
    private ImageCompressor _compressor = null!;

    [OneTimeSetUp]
    public void Load() => _compressor = ImageCompressor.LoadPretrained("strided");

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [Test]
    public void A_plain_picture_takes_the_first_version()
    {
        RgbImage picture = TestPicture.Create(33, 20);
        picture.AddAlpha();
        IcdInfo info = ImageCompressor.Identify(_compressor.Compress(picture));
        Assert.That((info.Version, info.Boxes.Count), Is.EqualTo((1, 0)));
    }

    [TestCase(1, 1)]
    [TestCase(33, 20)]
    public void Alpha_comes_back_bit_for_bit(int width, int height)
    {
        foreach (Func<int, byte> alpha in new Func<int, byte>[] { i => (byte)(i * i), i => (byte)(i % 3 == 0 ? 255 : 0), _ => 0, i => (byte)(100 + i % 31), i => (byte)(100 + i % 32) })
        {
            RgbImage picture = TestPicture.Create(width, height);
            Span<byte> plane = picture.AddAlpha();
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = alpha(i);
            }

            CompressionResult result = _compressor.CompressAndReconstruct(picture);
            RgbImage back = _compressor.Decompress(result.File);
            byte[] expected = plane.ContainsAnyExcept((byte)255) ? plane.ToArray() : [];
            Assert.That(back.Alpha.ToArray(), Is.EqualTo(expected));
            Assert.That(result.Reconstruction.Alpha.ToArray(), Is.EqualTo(expected));
            Assert.That(result.Reconstruction.Pixels.SequenceEqual(back.Pixels), Is.True);
        }
    }

    [Test]
    public void Grey_comes_back_grey()
    {
        RgbImage picture = TestPicture.Create(40, 30);
        for (int i = 0; i < picture.Pixels.Length; i += 3)
        {
            picture.Pixels.Slice(i, 3).Fill(picture.Pixels[i]);
        }

        byte[] colored = _compressor.Compress(picture);
        picture.IsGrey = true;
        byte[] grey = _compressor.Compress(picture);

        // A mark, and the end of the boxes; the body is the same.
        Assert.That(grey, Has.Length.EqualTo(colored.Length + 3));
        RgbImage tinted = _compressor.Decompress(colored);
        RgbImage back = _compressor.Decompress(grey);
        Assert.That((tinted.IsGrey, back.IsGrey), Is.EqualTo((false, true)));
        for (int i = 0; i < back.Pixels.Length; i += 3)
        {
            double mean = (tinted.Pixels[i] + tinted.Pixels[i + 1] + tinted.Pixels[i + 2]) / 3.0;
            Assert.That(back.Pixels.Slice(i, 3).ToArray(), Is.All.EqualTo((byte)Math.Round(mean)));
        }
    }

    [Test]
    public void A_mark_of_grey_means_nothing_where_there_is_colour()
    {
        RgbImage picture = TestPicture.Create(16, 16);
        picture.IsGrey = true;
        Assert.That(ImageCompressor.Identify(_compressor.Compress(picture)).Boxes, Is.Empty);
    }

    [Test]
    public void Metadata_come_back_unless_they_are_stripped()
    {
        RgbImage picture = TestPicture.Create(16, 16);
        picture.Metadata = new PictureMetadata { IccProfile = new byte[500], Exif = new byte[7], Xmp = new byte[5], Gamma = 70_000 };

        PictureMetadata back = _compressor.Decompress(_compressor.Compress(picture)).Metadata;
        Assert.That((back.IccProfile.Length, back.Exif.Length, back.Xmp.Length, back.Gamma), Is.EqualTo((500, 7, 5, (int?)70_000)));

        back = _compressor.Decompress(_compressor.Compress(picture, new CompressionOptions { StripMetadata = true })).Metadata;
        Assert.That((back.IccProfile.Length, back.Exif.Length, back.Xmp.Length, back.Gamma), Is.EqualTo((500, 0, 0, (int?)70_000)));
    }

    [Test]
    public void A_length_that_is_asked_for_counts_the_boxes()
    {
        using ImageCompressor photo = ImageCompressor.LoadPretrained();
        RgbImage picture = TestPicture.Create(160, 120);
        byte[] noise = new byte[600];
        new Random(1).NextBytes(noise);
        picture.Metadata = new PictureMetadata { Exif = noise };
        CompressionResult result = photo.CompressAndReconstruct(picture, new CompressionOptions { BitsPerPixel = 1 });
        Assert.That((result.IsTargetReached, ImageCompressor.Identify(result.File).Boxes[0].Length), Is.EqualTo((true, 603)));
    }

    [Test]
    public void Invisible_pixels_cost_little_and_visible_ones_look_the_same()
    {
        RgbImage picture = TestPicture.Create(128, 128);
        new Random(3).NextBytes(picture.Pixels[..(3 * 128 * 64)]);
        CompressionResult visible = _compressor.CompressAndReconstruct(picture);
        picture.AddAlpha()[..(128 * 64)].Clear();
        visible.Reconstruction.AddAlpha()[..(128 * 64)].Clear();

        CompressionResult result = _compressor.CompressAndReconstruct(picture);

        RgbImage shown = picture.LayOver(RgbColor.Black);
        Assert.That(result.File, Has.Length.LessThan(visible.File.Length * 2 / 3));
        Assert.That(result.Psnr, Is.EqualTo(Metrics.Psnr(shown, result.Reconstruction.LayOver(RgbColor.Black))));
        Assert.That(result.Psnr, Is.EqualTo(Metrics.Psnr(shown, visible.Reconstruction.LayOver(RgbColor.Black))).Within(0.3));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void Alpha_has_the_scales_of_the_picture(int scale)
    {
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        RgbImage picture = TestPicture.Create(21, 13);
        new Random(5).NextBytes(picture.AddAlpha());
        byte[] file = fitted.Compress(picture, new CompressionOptions { Level = 3 });

        RgbImage small = fitted.Decompress(file, new DecompressionOptions { Scale = scale });
        RgbImage early = fitted.DecompressPrefix(file.AsMemory(0, FittedInfo.Read(file).Scales.Single(one => one.Scale == scale).FileLength), new DecompressionOptions { Scale = scale });

        Assert.That(early.Alpha.ToArray(), Is.EqualTo(small.Alpha.ToArray()));
        for (int y = 0; y < small.Height; y++)
        {
            for (int x = 0; x < small.Width; x++)
            {
                List<double> square = [];
                for (int i = 0; i < scale * scale; i++)
                {
                    (int fromY, int fromX) = (y * scale + i / scale, x * scale + i % scale);
                    if (fromY < 13 && fromX < 21)
                    {
                        square.Add(picture.Alpha[fromY * 21 + fromX]);
                    }
                }

                Assert.That(small.Alpha[y * small.Width + x], Is.EqualTo((byte)Math.Floor(square.Average() + 0.5)));
            }
        }
    }

    // No values; more of them than can be named one by one; too few bytes; values that do not rise; no length of kinds; a length beyond the end; no such number of bits
    // in the kinds, then in the symbols; bytes behind the kinds, then behind the symbols. The stream of zeros is F0.
    [TestCase(new byte[] { })]
    [TestCase(new byte[] { 32, 1, 2, 3 })]
    [TestCase(new byte[] { 5, 1, 2, 3 })]
    [TestCase(new byte[] { 2, 5, 5, 1, 0xF0, 0xF0 })]
    [TestCase(new byte[] { 1, 5 })]
    [TestCase(new byte[] { 1, 5, 9, 0xF0, 0xF0 })]
    [TestCase(new byte[] { 1, 5, 1, 0x00, 0xF0 })]
    [TestCase(new byte[] { 1, 5, 1, 0xF0, 0x00 })]
    [TestCase(new byte[] { 1, 5, 5, 0xF0, 0, 0, 0, 9, 0xF0 })]
    [TestCase(new byte[] { 1, 5, 1, 0xF0, 0xF0, 0, 0, 0, 9 })]
    public void Damaged_alpha_is_refused(byte[] payload) => AssertAlphaIsRefused(payload);

    [Test]
    public void A_pixel_has_one_of_the_values_of_alpha()
    {
        ArrayBufferWriter<byte> payload = new();
        payload.Write<byte>([2, 5, 6]);
        payload.Write<byte>([1, 0xF0]);
        ContextCoder.Instance.Encode([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], new TensorShape(4, 4, 1), payload);
        AssertAlphaIsRefused(payload.WrittenSpan.ToArray());
    }

    /// <summary>Figures are of the picture as it is shown: with its alpha, and grey where it is grey. The search for one must see the same.</summary>
    [TestCase(true, false, 0)]
    [TestCase(false, true, 0)]
    [TestCase(true, true, 4)]
    public void A_psnr_and_a_score_are_met_with_alpha_and_in_grey(bool hasAlpha, bool isGrey, int effort)
    {
        using ImageCompressor photo = ImageCompressor.LoadPretrained();
        RgbImage picture = DetailedPicture.Create(150, 130);
        for (int i = 0; isGrey && i < picture.Pixels.Length; i += 3)
        {
            picture.Pixels.Slice(i, 3).Fill(picture.Pixels[i]);
        }

        picture.IsGrey = isGrey;
        for (int i = 0; hasAlpha && i < picture.PixelCount; i++)
        {
            picture.AddAlpha()[i] = (byte)(i / 150);
        }

        double psnr = photo.CompressAndReconstruct(picture, new CompressionOptions { Level = 100 }).Psnr;
        CompressionResult byPsnr = photo.CompressAndReconstruct(picture, new CompressionOptions { Psnr = psnr, Effort = effort });
        Assert.That((byPsnr.IsTargetReached, byPsnr.Psnr), Is.EqualTo((true, psnr)).Within(0.1));
        CompressionResult byScore = photo.CompressAndReconstruct(picture, new CompressionOptions { Ssimulacra2 = 50, Effort = effort });
        Assert.That((byScore.IsTargetReached, byScore.Ssimulacra2!.Value), Is.EqualTo((true, 50.0)).Within(0.5));
    }

    [Test]
    public void A_mark_of_grey_holds_nothing()
    {
        IcdFile icd = IcdFile.Read(_compressor.Compress(TestPicture.Create(4, 4)));
        byte[] file = IcdFile.Encode(icd.Fingerprint, 4, 4, [new IcdBox(IcdBox.Grey, new byte[1])], icd.Body.Span);
        Assert.That(() => _compressor.Decompress(file), Throws.TypeOf<InvalidFileException>());
    }

    [Test]
    public void A_block_has_one_of_three_kinds()
    {
        ArrayBufferWriter<byte> kinds = new();
        ContextCoder.Instance.Encode([3], new TensorShape(1, 1, 1), kinds);
        AssertAlphaIsRefused([1, 5, (byte)kinds.WrittenCount, .. kinds.WrittenSpan, 0xF0]);
    }

    [Test]
    public void Blocks_of_one_value_take_hardly_a_byte()
    {
        RgbImage picture = new(400, 300);
        Span<byte> alpha = picture.AddAlpha();
        for (int i = 0; i < alpha.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, 400);
            alpha[i] = (byte)Math.Clamp(500 - Math.Abs(x - 200) * 4 - Math.Abs(y - 150) * 4, 0, 255);
        }

        byte[] file = _compressor.Compress(picture);

        // A lozenge with soft edges, 64 pixels wide; a byte for each of its pixels would be more than 30,000.
        Assert.That(ImageCompressor.Identify(file).Boxes.Single().Length, Is.LessThan(3000));
        Assert.That(_compressor.Decompress(file).Alpha.SequenceEqual(alpha), Is.True);
    }

    private void AssertAlphaIsRefused(byte[] payload)
    {
        byte[] plain = _compressor.Compress(TestPicture.Create(4, 4));
        IcdFile icd = IcdFile.Read(plain);
        byte[] file = IcdFile.Encode(icd.Fingerprint, 4, 4, [new IcdBox(IcdBox.Alpha, payload)], icd.Body.Span);
        Assert.That(() => _compressor.Decompress(file), Throws.TypeOf<InvalidFileException>());
    }
}
