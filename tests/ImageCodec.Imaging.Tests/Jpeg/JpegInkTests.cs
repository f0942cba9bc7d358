namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>CMYK and YCCK. Their planes are those of grey files, one scan each, so that what the samples are is known from elsewhere.</summary>
public sealed class JpegInkTests
{
    private const int Width = 19;
    private const int Height = 11;

    [Test]
    public void CMYK_is_read_as_light_times_light([Values] bool hasAdobe)
    {
        byte[][] planes = Planes(4);
        byte[] file = Join(planes, hasAdobe ? 0 : null);

        RgbImage image = ImageFile.Read(file, out IReadOnlyList<string> warnings);

        byte[][] samples = [.. planes.Select(Samples)];
        for (int i = 0; i < image.PixelCount; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double expected = Math.Round(samples[channel][i] * samples[3][i] / 255.0);
                Assert.That(image.Pixels[(3 * i) + channel], Is.EqualTo(expected));
            }
        }

        Assert.That(warnings, Has.Count.EqualTo(1).And.All.Contains("CMYK"));
        Assert.That((image.IsGrey, ImageFile.Identify(file).Width), Is.EqualTo((false, Width)));
    }

    [Test]
    public void YCCK_is_the_opposite_of_YCbCr_and_black([Values(1, 2)] int transform)
    {
        byte[][] planes = Planes(4);

        RgbImage image = ImageFile.Read(Join(planes, transform));

        RgbImage opposite = ImageFile.Read(Join(planes[..3], null));
        byte[] black = Samples(planes[3]);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            Assert.That(image.Pixels[i], Is.EqualTo(Math.Round((255 - opposite.Pixels[i]) * black[i / 3] / 255.0)));
        }
    }

    private static byte[][] Planes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ImageFile.EncodeJpeg(TestPictures.Grey(Width, Height, 10 + i), 90))];

    private static byte[] Samples(byte[] greyFile)
    {
        byte[] rgb = ImageFile.Read(greyFile).Pixels.ToArray();
        return [.. Enumerable.Range(0, rgb.Length / 3).Select(i => rgb[3 * i])];
    }

    /// <summary>One file of several grey ones, which have the same quantization.</summary>
    private static byte[] Join(byte[][] planes, int? adobeTransform)
    {
        JpegParts joined = JpegParts.Of(planes[0]).Without(JpegParts.Sos).Without(JpegParts.Dht).Without(0xE0);
        JpegPart frame = joined.First(JpegParts.Sof0);
        frame.Data = [.. frame.Data[..5], (byte)planes.Length, .. Enumerable.Range(1, planes.Length).SelectMany(id => new byte[] { (byte)id, 0x11, 0 })];
        for (int i = 0; i < planes.Length; i++)
        {
            JpegParts plane = JpegParts.Of(planes[i]);
            foreach (JpegPart part in plane.Parts.Where(part => part.Marker is JpegParts.Dht or JpegParts.Sos))
            {
                if (part.Marker == JpegParts.Sos)
                {
                    part.Data[1] = (byte)(i + 1);
                }

                joined.Parts.Add(part);
            }
        }

        if (adobeTransform is { } transform)
        {
            joined.Insert(0, JpegParts.App14, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)transform]);
        }

        return joined.Build();
    }
}
