using System.Diagnostics;

namespace ImageCodec.Imaging.Tests.Jpeg;

public sealed class JpegWriterTests
{
    [Test]
    public void Reads_back_nearly_what_it_wrote_at_each_quality()
    {
        RgbImage image = Smooth(45, 37);
        double before = 0;
        for (int quality = 1; quality <= 100; quality++)
        {
            byte[] file = ImageFile.EncodeJpeg(image, quality);
            double psnr = Metrics.Psnr(image, ImageFile.Read(file));

            // Finer steps are not better at every single quality, but never far from it.
            Assert.That(psnr, Is.GreaterThan(before - 1), $"quality {quality}");
            before = Math.Max(before, psnr);
        }

        Assert.That(before, Is.GreaterThan(38));
    }

    [Test]
    public void Every_size_is_read_back([Values(1, 2, 7, 8, 9, 15, 16, 17, 33)] int width, [Values(1, 2, 7, 8, 9, 15, 16, 17, 33)] int height)
    {
        RgbImage image = Smooth(width, height);

        RgbImage back = ImageFile.Read(ImageFile.EncodeJpeg(image, 95));

        Assert.That((back.Width, back.Height), Is.EqualTo((width, height)));
        Assert.That(Metrics.Psnr(image, back), Is.GreaterThan(25));
    }

    [Test]
    public void The_longest_sides_are_read_back()
    {
        foreach ((int width, int height) in new[] { (65535, 1), (1, 65535) })
        {
            RgbImage back = ImageFile.Read(ImageFile.EncodeJpeg(new RgbImage(width, height)));
            Assert.That((back.Width, back.Height), Is.EqualTo((width, height)));
        }
    }

    [Test]
    public void A_picture_without_colour_becomes_a_grey_file()
    {
        RgbImage image = new(19, 21);
        for (int i = 0; i < image.PixelCount; i++)
        {
            image.Pixels.Slice(3 * i, 3).Fill((byte)(i % 251));
        }

        byte[] file = ImageFile.EncodeJpeg(image, 100);

        Assert.That(JpegParts.Of(file).First(JpegParts.Sof0).Data[5], Is.EqualTo(1));
        RgbImage back = ImageFile.Read(file);
        Assert.That(Metrics.Psnr(image, back), Is.GreaterThan(50));
        Assert.That(ImageFile.Encode(back, ImageFileFormat.Pgm), Is.Not.Empty, "which only grey can become");
    }

    /// <summary>The coefficients are as large as they can be, and every code is in use.</summary>
    [Test]
    public void Extremes_are_read_back()
    {
        RgbImage noise = TestPictures.Noise(64, 64, 1);
        RgbImage extremes = new(64, 64);
        for (int i = 0; i < extremes.Pixels.Length; i++)
        {
            extremes.Pixels[i] = (byte)(noise.Pixels[i] < 128 ? 0 : 255);
        }

        RgbImage checks = new(64, 64);
        for (int i = 0; i < checks.PixelCount; i++)
        {
            checks.Pixels.Slice(3 * i, 3).Fill((byte)((((i % 64) + (i / 64)) & 1) * 255));
        }

        Assert.That(Metrics.Psnr(checks, ImageFile.Read(ImageFile.EncodeJpeg(checks, 100))), Is.GreaterThan(45));
        foreach (int quality in new[] { 1, 50, 100 })
        {
            Assert.That(ImageFile.Read(ImageFile.EncodeJpeg(extremes, quality)).Width, Is.EqualTo(64));
            Assert.That(ImageFile.Read(ImageFile.EncodeJpeg(noise, quality)).Width, Is.EqualTo(64));
        }
    }

    /// <summary>libjpeg-turbo's opinion: the same file, and the same pixels of it.</summary>
    [Test]
    public void Cjpeg_writes_the_same_file([Values(5, 24, 60, 90, 99)] int quality)
    {
        foreach (RgbImage image in new[] { TestPictures.Noise(50, 34, quality), TestPictures.Slopes(67, 61, quality), Smooth(201, 103) })
        {
            byte[] file = ImageFile.EncodeJpeg(image, quality);

            byte[] expected = Run("cjpeg", ["-optimize", "-baseline", "-quality", $"{quality}"], ImageFile.Encode(image, ImageFileFormat.Ppm));
            Assert.That(file, Is.EqualTo(expected));
            TestPictures.AssertEqual(ImageFile.Read(file), ImageFile.Read(Run("djpeg", ["-dct", "int", "-ppm"], file)));
        }
    }

    [Test]
    public void Cjpeg_writes_the_same_grey_file()
    {
        RgbImage image = TestPictures.Grey(50, 34, 1);

        Assert.That(ImageFile.EncodeJpeg(image, 80), Is.EqualTo(Run("cjpeg", ["-optimize", "-quality", "80"], ImageFile.Encode(image, ImageFileFormat.Pgm))));
    }

    private static RgbImage Smooth(int width, int height)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Span<byte> pixel = image.GetRow(y).Slice(3 * x, 3);
                pixel[0] = (byte)(x * 255 / Math.Max(8, width));
                pixel[1] = (byte)(y * 255 / Math.Max(8, height));
                pixel[2] = (byte)(128 + (60 * Math.Sin((x + (2 * y)) / 9.0)));
            }
        }

        return image;
    }

    private static byte[] Run(string program, string[] arguments, byte[] input)
    {
        // Others of the same name choose and round in other ways.
        if (!VersionOf(program).Contains("libjpeg-turbo", StringComparison.Ordinal))
        {
            Assert.Ignore($"The {program} that is installed is not libjpeg-turbo's.");
        }

        using Process process = Start(program, arguments);
        using MemoryStream output = new();

        // Both read all of their input before they write much, so that neither side waits for the other.
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero);
        return output.ToArray();
    }

    private static string VersionOf(string program)
    {
        using Process process = Start(program, ["-version"]);
        process.StandardInput.Close();
        return process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"libjpeg-turbo's {program} is not installed.");
            throw;
        }
    }
}
