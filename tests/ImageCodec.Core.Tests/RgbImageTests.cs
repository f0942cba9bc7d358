namespace ImageCodec.Tests;

public class RgbImageTests
{
    [Test]
    public void Pixels_lie_row_by_row()
    {
        byte[] rgb = [.. Enumerable.Range(0, 18).Select(i => (byte)i)];
        RgbImage image = new(3, 2, rgb);

        Assert.That((image.Width, image.Height, image.PixelCount), Is.EqualTo((3, 2, 6)));
        Assert.That(image.Pixels.ToArray(), Is.EqualTo(rgb));
        Assert.That(image.GetRow(1).ToArray(), Is.EqualTo(rgb[9..]));
        image.GetRow(0)[2] = 99;
        Assert.That(image.Pixels[2], Is.EqualTo(99));
        Assert.That(rgb[2], Is.EqualTo(2), "the bytes were copied");
    }

    [Test]
    public void A_new_picture_is_black() => Assert.That(new RgbImage(4, 3).Pixels.ToArray(), Is.EqualTo(new byte[36]));

    [TestCase(0, 1, "width")]
    [TestCase(1, 0, "height")]
    [TestCase(-1, 1, "width")]
    [TestCase(65536, 65536, "height")]
    [TestCase(int.MaxValue, 1, "height")]
    public void Sides_out_of_range_are_named(int width, int height, string parameter) =>
        Assert.That(() => new RgbImage(width, height), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(parameter));

    [Test]
    public void Bytes_of_another_length_are_refused()
    {
        Assert.That(() => new RgbImage(2, 2, new byte[11]), Throws.ArgumentException.With.Message.Contains("12 bytes").And.Message.Contains("11"));
        Assert.That(() => new RgbImage(2, 2, new byte[13]), Throws.ArgumentException);
    }

    [TestCase(-1)]
    [TestCase(2)]
    public void A_row_that_is_not_there_is_refused(int row) =>
        Assert.That(() => new RgbImage(2, 2).GetRow(row).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
}
