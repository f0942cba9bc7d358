using System.Buffers.Binary;
using ImageCodec.Imaging.Tests;

namespace ImageCodec.Skia.Tests;

/// <summary>Bytes that are no sound file.</summary>
public sealed class HostileTests
{
    private const int Mutations = 2000;
    private const int Limit = 1_000_000;

    private static readonly ImageReadOptions s_limited = new() { MaxPixelCount = Limit };

    public static IEnumerable<TestCaseData> Files()
    {
        RgbImage image = TestFiles.Slopes(9, 7, hasAlpha: true);
        image.Metadata = new PictureMetadata { IccProfile = Profiles.Icc("RGB ", 201), Exif = Profiles.Exif(6), Xmp = Profiles.Xmp(6) };
        yield return new TestCaseData(SkiaImageFile.EncodeWebp(image)).SetArgDisplayNames("lossy WebP");
        yield return new TestCaseData(SkiaImageFile.EncodeLosslessWebp(image)).SetArgDisplayNames("lossless WebP");
        yield return new TestCaseData(SkiaImageFile.EncodeLosslessWebp(TestFiles.Noise(9, 7))).SetArgDisplayNames("plain WebP");
        yield return new TestCaseData(TestFiles.Gif(3, 2, 3, [0, 1, 2, 3, 2, 1])).SetArgDisplayNames("GIF");
        yield return new TestCaseData(TestFiles.Gif(3, 2, 3, [0, 1, 2, 3, 2, 1], [1, 1, 1, 1, 1, 1])).SetArgDisplayNames("animated GIF");
        yield return new TestCaseData(TestFiles.Bmp(TestFiles.Noise(7, 5))).SetArgDisplayNames("BMP");
        yield return new TestCaseData(TestFiles.Ico(TestFiles.Noise(8, 8, hasAlpha: true))).SetArgDisplayNames("ICO");
    }

    /// <summary>What is cut off may be no part of the first picture; all else is seen.</summary>
    [TestCaseSource(nameof(Files))]
    public void Every_cut_is_refused_or_changes_nothing(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        RgbImage whole = SkiaImageFile.Read(file);
        int taken = 0;
        for (int length = 0; length < file.Length; length++)
        {
            try
            {
                TestFiles.AssertEqual(SkiaImageFile.Read(file.AsSpan(0, length), s_limited), whole);
                taken++;
            }
            catch (InvalidFileException)
            {
            }
        }

        TestContext.Out.WriteLine($"{taken} of {file.Length} cuts were taken.");
        Assert.That(taken, file.AsSpan().StartsWith("RIFF"u8) ? Is.Zero : Is.LessThan(file.Length / 2));
    }

    [TestCaseSource(nameof(Files))]
    public void Changed_bytes_give_a_picture_or_are_refused(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Random random = new(file.Length);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] changed = [.. file];
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                // Half of the changes are in the head, where sizes are.
                int at = random.Next(random.Next(2) == 0 ? file.Length : Math.Min(file.Length, 64));
                changed[at] = random.Next(3) switch
                {
                    0 => (byte)(changed[at] ^ (1 << random.Next(8))),
                    1 => (byte)(random.Next(2) * 255),
                    _ => (byte)random.Next(256),
                };
            }

            try
            {
                RgbImage image = SkiaImageFile.Read(changed, s_limited);
                Assert.That(image.PixelCount, Is.LessThanOrEqualTo(Limit));
            }
            catch (InvalidFileException)
            {
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{refused} of {Mutations} were refused.");
        Assert.That(refused, Is.GreaterThan(0));
    }

    [Test]
    public void Noise_is_refused()
    {
        Random random = new(1);
        foreach (string head in (string[])["", "RIFF\0\0\0\0WEBP", "RIFF\x7F\0\0\0WEBPVP8X", "GIF89a", "BM", "\0\0\u0001\0"])
        {
            for (int i = 0; i < 200; i++)
            {
                byte[] noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                byte[] file = [.. System.Text.Encoding.Latin1.GetBytes(head), .. noise];
                try
                {
                    SkiaImageFile.Read(file, s_limited);
                }
                catch (InvalidFileException)
                {
                }
            }
        }
    }

    [Test]
    public void A_picture_of_the_limit_is_read_and_a_larger_one_refused()
    {
        RgbImage image = TestFiles.Slopes(20, 15);
        foreach (byte[] file in (byte[][])[SkiaImageFile.EncodeWebp(image), TestFiles.Bmp(image), TestFiles.Gif(20, 15, null, new byte[100]), ImageFile.Encode(image, ImageFileFormat.Png)])
        {
            InvalidFileException error = Assert.Throws<InvalidFileException>(() => SkiaImageFile.Read(file, new ImageReadOptions { MaxPixelCount = 299 }));
            Assert.That(error.Message, Does.Contain("20×15").And.Contain("299"));
        }

        Assert.That(SkiaImageFile.Read(TestFiles.Bmp(image), new ImageReadOptions { MaxPixelCount = 300 }).PixelCount, Is.EqualTo(300));
    }

    [Test]
    public void A_picture_beyond_the_limit_takes_no_memory()
    {
        byte[] bmp = TestFiles.Bmp(TestFiles.Noise(7, 5));
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 10_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 10_001);

        // Behind its signature a lossless picture has each side less one in 14 bits.
        byte[] webp = SkiaImageFile.EncodeLosslessWebp(TestFiles.Noise(7, 5));
        BinaryPrimitives.WriteUInt32LittleEndian(webp.AsSpan(21), 16382u | (6999u << 14));
        foreach (byte[] file in (byte[][])[bmp, webp])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            InvalidFileException? error = null;
            try
            {
                SkiaImageFile.Read(file);
            }
            catch (InvalidFileException e)
            {
                error = e;
            }

            Assert.That(error?.Message, Does.Contain("100000000"));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
    }
}
