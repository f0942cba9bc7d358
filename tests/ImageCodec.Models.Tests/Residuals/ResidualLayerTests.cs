using ImageCodec.Models.Residuals;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Tests.Residuals;

/// <summary>What a decoded picture lacks, there and back, beside a plain decoder.</summary>
public sealed class ResidualLayerTests
{
    [TestCase(1, 1, 0)]
    [TestCase(1, 9, 0)]
    [TestCase(9, 1, 2)]
    [TestCase(2, 2, 32)]
    [TestCase(3, 40, 1)]
    [TestCase(61, 33, 0)]
    [TestCase(61, 33, 3)]
    public void Values_come_within_the_largest_error_and_the_plain_decoder_agrees(int width, int height, int maxError)
    {
        foreach (bool isGrey in new[] { false, true })
        {
            foreach ((string name, RgbImage original, RgbImage decoded) in Pairs(width, height, isGrey))
            {
                RgbImage restored = Copy(decoded);
                byte[] payload = ResidualLayer.Encode(original, restored, maxError, isGrey, null, CancellationToken.None);
                RgbImage read = Copy(decoded);
                ResidualLayer.Decode(payload, read, isGrey, null, CancellationToken.None);

                string what = $"{name}, {(isGrey ? "grey" : "coloured")}";
                Assert.That(LargestError(original, restored), Is.LessThanOrEqualTo(maxError), what);
                Assert.That(read.Pixels.SequenceEqual(restored.Pixels), Is.True, what);
                Assert.That(new ReferenceResidual(payload, decoded.Pixels.ToArray(), width, isGrey).Decode(), Is.EqualTo(restored.Pixels.ToArray()), what);
            }
        }
    }

    [Test]
    public void Bytes_of_any_kind_give_a_picture_as_the_plain_decoder_has_it()
    {
        RandomSource random = new(5);
        for (int i = 0; i < 30; i++)
        {
            byte[] payload = [(byte)random.Next(ResidualLayer.LargestMaxError + 1), .. Enumerable.Range(0, random.Next(200)).Select(_ => (byte)random.Next(256))];
            RgbImage decoded = TestPicture.Create(13, 11);
            byte[] expected = new ReferenceResidual(payload, decoded.Pixels.ToArray(), decoded.Width, isGrey: false).Decode();
            try
            {
                ResidualLayer.Decode(payload, decoded, isGrey: false, null, CancellationToken.None);
            }
            catch (InvalidFileException e)
            {
                // Values ended first; they were read all the same.
                Assert.That(e.Message, Does.Contain("residual"));
            }

            Assert.That(decoded.Pixels.ToArray(), Is.EqualTo(expected), $"{i}");
        }
    }

    [Test]
    public void What_is_predicted_well_takes_few_bytes()
    {
        RgbImage decoded = TestPicture.Create(64, 64);
        RgbImage shifted = Copy(decoded);
        foreach (ref byte value in shifted.Pixels)
        {
            value = (byte)Math.Min(value + 3, 255);
        }

        Assert.That(ResidualLayer.Encode(Copy(decoded), Copy(decoded), 0, false, null, CancellationToken.None), Has.Length.LessThan(60));
        Assert.That(ResidualLayer.Encode(shifted, Copy(decoded), 0, false, null, CancellationToken.None), Has.Length.LessThan(300));
        Assert.That(ResidualLayer.Encode(shifted, Copy(decoded), 3, false, null, CancellationToken.None), Has.Length.LessThan(300));
    }

    [Test]
    public void Damaged_contents_are_told()
    {
        RgbImage picture = TestPicture.Create(20, 10);
        byte[] payload = ResidualLayer.Encode(picture, new RgbImage(20, 10), 0, false, null, CancellationToken.None);
        Assert.That(() => Read([]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("empty"));
        Assert.That(() => Read([33, .. payload[1..]]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("33"));
        Assert.That(() => Read([.. payload, 1, 2, 3, 4, 5]), Throws.TypeOf<InvalidFileException>().With.Message.Contains("residual"));

        static void Read(byte[] bytes) => ResidualLayer.Decode(bytes, new RgbImage(20, 10), false, null, CancellationToken.None);
    }

    [Test]
    public void It_tells_its_progress_and_can_be_stopped()
    {
        RgbImage picture = TestPicture.Create(16, 12);
        List<double> told = [];
        ResidualLayer.Encode(picture, new RgbImage(16, 12), 0, false, new Listener(told), CancellationToken.None);
        Assert.That(told, Is.Ordered.Ascending.And.Count.EqualTo(12));
        Assert.That(told[^1], Is.EqualTo(1));
        Assert.That(
            () => ResidualLayer.Encode(picture, new RgbImage(16, 12), 0, false, null, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    private static IEnumerable<(string Name, RgbImage Original, RgbImage Decoded)> Pairs(int width, int height, bool isGrey)
    {
        RandomSource random = new(width, height);
        RgbImage photo = TestPicture.Create(width, height);
        RgbImage noise = new(width, height);
        RgbImage extremes = new(width, height);
        RgbImage near = Copy(photo);
        for (int i = 0; i < noise.Pixels.Length; i++)
        {
            noise.Pixels[i] = (byte)random.Next(256);
            extremes.Pixels[i] = (byte)(random.Next(2) * 255);
            near.Pixels[i] = (byte)Math.Clamp(photo.Pixels[i] + random.Next(9) - 4, 0, 255);
        }

        foreach (RgbImage picture in new[] { photo, noise, extremes, near })
        {
            MakeGrey(picture, isGrey);
        }

        yield return ("photo beside one like it", photo, near);
        yield return ("photo beside black", photo, new RgbImage(width, height));
        yield return ("noise beside noise", noise, near);
        yield return ("black and white beside noise", extremes, noise);
        yield return ("equal ones", photo, photo);
    }

    private static void MakeGrey(RgbImage picture, bool isGrey)
    {
        for (int i = 0; isGrey && i < picture.Pixels.Length; i += 3)
        {
            picture.Pixels.Slice(i, 3).Fill(picture.Pixels[i]);
        }
    }

    private static RgbImage Copy(RgbImage picture) => new(picture.Width, picture.Height, picture.Pixels);

    private static int LargestError(RgbImage a, RgbImage b)
    {
        int largest = 0;
        for (int i = 0; i < a.Pixels.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a.Pixels[i] - b.Pixels[i]));
        }

        return largest;
    }

    private sealed class Listener(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
