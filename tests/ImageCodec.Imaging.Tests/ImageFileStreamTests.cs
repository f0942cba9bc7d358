namespace ImageCodec.Imaging.Tests;

/// <summary>Streams and asynchronous methods give what the plain ones give.</summary>
public sealed class ImageFileStreamTests
{
    [TestCase(ImageFileFormat.Png)]
    [TestCase(ImageFileFormat.Jpeg)]
    [TestCase(ImageFileFormat.Ppm)]
    public async Task Streams_hold_the_same_files(ImageFileFormat format)
    {
        RgbImage image = TestPictures.Slopes(19, 13, 5);
        byte[] expected = ImageFile.Encode(image, format);
        using MemoryStream stream = new();
        ImageFile.Write(stream, image, format);
        await ImageFile.WriteAsync(stream, image, format);
        Assert.That(stream.ToArray(), Is.EqualTo((byte[])[.. expected, .. expected]), "the stream stays open");

        stream.SetLength(expected.Length);
        RgbImage read = ImageFile.Read(expected);
        stream.Position = 0;
        TestPictures.AssertEqual(ImageFile.Read(stream), read);
        stream.Position = 0;
        TestPictures.AssertEqual(await ImageFile.ReadAsync(stream), read);
    }

    [Test]
    public async Task Files_are_read_and_written()
    {
        string path = Path.Combine(Path.GetTempPath(), $"imagecodec-{Guid.NewGuid():N}.png");
        try
        {
            RgbImage image = TestPictures.Slopes(19, 13, 5);
            await ImageFile.WriteAsync(path, image);
            TestPictures.AssertEqual(await ImageFile.ReadAsync(path), image);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Mistakes_are_thrown_at_once_and_bad_files_by_the_task()
    {
        Assert.That(() => { _ = ImageFile.ReadAsync(""); }, Throws.ArgumentException);
        Assert.That(() => { _ = ImageFile.ReadAsync((Stream)null!); }, Throws.ArgumentNullException);
        Assert.That(() => { _ = ImageFile.WriteAsync(Stream.Null, null!, ImageFileFormat.Png); }, Throws.ArgumentNullException);
        Assert.That(() => { _ = ImageFile.WriteAsync((Stream)null!, new RgbImage(1, 1), ImageFileFormat.Png); }, Throws.ArgumentNullException);
        Assert.That(async () => await ImageFile.ReadAsync(new MemoryStream([1, 2, 3])), Throws.TypeOf<InvalidFileException>());
        Assert.That(async () => await ImageFile.WriteAsync("picture.gif", new RgbImage(1, 1)), Throws.ArgumentException);
        Assert.That(
            async () => await ImageFile.ReadAsync(new MemoryStream([1, 2, 3]), cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }
}
