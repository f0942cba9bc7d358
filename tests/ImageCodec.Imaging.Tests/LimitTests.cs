using System.Buffers.Binary;
using System.Text;
using ImageCodec.Imaging.Jpeg;
using ImageCodec.Imaging.Png;

namespace ImageCodec.Imaging.Tests;

/// <summary>Sizes that are refused before memory is taken for them, and work that is stopped.</summary>
public sealed class LimitTests
{
    private const int SmallChange = 1 << 20;

    public static IEnumerable<ImageFileFormat> Formats => [ImageFileFormat.Png, ImageFileFormat.Jpeg, ImageFileFormat.Ppm, ImageFileFormat.Pgm16];

    [TestCaseSource(nameof(Formats))]
    public void A_picture_of_the_limit_is_read_and_a_larger_one_refused(ImageFileFormat format)
    {
        byte[] file = ImageFile.Encode(TestPictures.Grey(20, 15, 1), format);

        Assert.That(ImageFile.Read(file, new ImageReadOptions { MaxPixelCount = 300 }).PixelCount, Is.EqualTo(300));
        InvalidFileException error = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file, new ImageReadOptions { MaxPixelCount = 299 }));
        Assert.That(error.Message, Does.Contain("20×15").And.Contain("299"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(RgbImage.MaxPixelCount + 1)]
    public void A_limit_that_is_none_is_refused(int limit) =>
        Assert.That(() => new ImageReadOptions { MaxPixelCount = limit }, Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCaseSource(nameof(Formats))]
    public void A_small_file_that_declares_a_huge_picture_takes_no_memory(ImageFileFormat format)
    {
        byte[] file = Declare(ImageFile.Encode(TestPictures.Grey(20, 15, 1), format), format, 10_000, 10_000);
        Assert.That(() => ImageFile.Read(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("10000×10000"), "the data is too short");

        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ImageFile.Read(file);
        }
        catch (InvalidFileException)
        {
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(SmallChange));
        }
    }

    [TestCaseSource(nameof(Formats))]
    public void The_default_limit_is_a_hundred_megapixels(ImageFileFormat format)
    {
        byte[] file = Declare(ImageFile.Encode(TestPictures.Grey(20, 15, 1), format), format, 10_000, 10_001);

        Assert.That(() => ImageFile.Read(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("100000000"));
    }

    [TestCaseSource(nameof(Formats))]
    public void Stopped_work_ends_without_a_file(ImageFileFormat format)
    {
        RgbImage image = TestPictures.Grey(20, 15, 1);
        byte[] file = ImageFile.Encode(image, format);
        string path = Path.GetTempFileName();
        CancellationToken stopped = new(canceled: true);
        try
        {
            File.WriteAllText(path, "old");

            Assert.That(() => ImageFile.Read(file, cancellationToken: stopped), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => ImageFile.Encode(image, format, stopped), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => ImageFile.Write(path, image, format, stopped), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Puts another size into a file's header.</summary>
    public static byte[] Declare(byte[] file, ImageFileFormat format, int width, int height)
    {
        switch (format)
        {
            case ImageFileFormat.Png:
                const int Header = 12;
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(Header + 4), width);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(Header + 8), height);
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(Header + 17), Crc32.Of(file.AsSpan(Header, 17)));
                return file;
            case ImageFileFormat.Jpeg:
                int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, Marker.StartOfBaselineFrame]);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
                return file;
            default:
                return [file[0], file[1], (byte)'\n', .. Encoding.ASCII.GetBytes($"{width} {height}\n"), .. file[9..]];
        }
    }
}
