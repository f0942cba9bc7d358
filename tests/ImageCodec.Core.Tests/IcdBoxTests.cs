using System.IO.Compression;

namespace ImageCodec.Tests;

/// <summary>What belongs to a picture beside its colours, as boxes of a file.</summary>
public class IcdBoxTests
{
    private static readonly CodecFingerprint s_codec = new(0x123456);

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        PictureMetadata metadata = new() { Exif = "II"u8.ToArray(), CodePoints = new ColorCodePoints(12, 13, 0, true), Gamma = 100_000 };
        IcdBox[] boxes = [.. IcdMetadata.ToBoxes(metadata), new IcdBox(IcdBox.Grey, default)];

        byte[] file = IcdFile.Encode(s_codec, 300, 2, boxes, [0xAA]);

        byte[] expected = [0x1C, 0xD2, 0x12, 0x34, 0x56, 0xAB, 0x02, 0x01, 0x02, 2, (byte)'I', (byte)'I', 0x04, 4, 12, 13, 0, 1, 0x05, 3, 0xA0, 0x8D, 0x06, 0x86, 0, 0x00, 0xAA];
        Assert.That(file[..^3], Is.EqualTo(expected));
        IcdFile read = IcdFile.Read(file);
        Assert.That(read.Body.ToArray(), Is.EqualTo(new byte[] { 0xAA }));
        Assert.That((read.Version, read.Width, read.Height), Is.EqualTo((2, 300, 2)));
        Assert.That(read.Boxes.Select(box => (box.Name, box.Length)), Is.EqualTo(new[] { ("exif", 4), ("cicp", 6), ("gamma", 5), ("grey", 2) }));
        Assert.That(read.Boxes.Sum(box => box.Length), Is.EqualTo(file.Length - IcdFile.Encode(s_codec, 300, 2, [0xAA]).Length - 1));
    }

    [Test]
    public void Metadata_come_back_as_they_were()
    {
        Random random = new(7);
        byte[] noise = new byte[1000];
        random.NextBytes(noise);
        PictureMetadata metadata = new()
        {
            IccProfile = noise,
            Exif = new byte[5000],
            Xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"u8.ToArray(),
            CodePoints = new ColorCodePoints(9, 16, 0, false),
            Gamma = int.MaxValue,
        };

        IcdFile file = IcdFile.Read(IcdFile.Encode(s_codec, 5, 5, [.. IcdMetadata.ToBoxes(metadata)], []));
        PictureMetadata back = IcdMetadata.FromBoxes(file.Boxes);

        Assert.That(back.IccProfile.ToArray(), Is.EqualTo(noise));
        Assert.That(back.Exif.ToArray(), Is.EqualTo(new byte[5000]));
        Assert.That(back.Xmp.ToArray(), Is.EqualTo(metadata.Xmp.ToArray()));
        Assert.That((back.CodePoints, back.Gamma), Is.EqualTo((metadata.CodePoints, metadata.Gamma)));

        // What does not get shorter is not compressed.
        Assert.That(file.Boxes[0].Length, Is.EqualTo(1 + 2 + 1000));
        Assert.That(file.Boxes[1].Length, Is.LessThan(40));
    }

    [Test]
    public void Nothing_takes_no_box() => Assert.That(IcdMetadata.ToBoxes(PictureMetadata.None), Is.Empty);

    [Test]
    public void What_may_say_where_a_picture_was_taken_can_be_left_out()
    {
        PictureMetadata metadata = new() { IccProfile = new byte[3], Exif = new byte[3], Xmp = new byte[3], Gamma = 5 };
        Assert.That(IcdMetadata.ToBoxes(metadata.WithoutOrigin()).Select(box => box.Name), Is.EqualTo(new[] { "icc", "gamma" }));
    }

    [Test]
    public void A_box_of_a_later_day_is_skipped_unless_it_must_be_known()
    {
        IcdFile file = IcdFile.Read(Wrap([0x06 | 0x80, 0, 0x2A, 3, 1, 2, 3, 0, 0xAA]));
        Assert.That(file.Boxes.Select(box => (box.Name, box.Length)), Is.EqualTo(new[] { ("grey", 2), ("42", 5) }));
        Assert.That(IcdMetadata.FromBoxes(file.Boxes).IsEmpty, Is.True);
        Assert.That(() => IcdFile.Read(Wrap([0xAA, 0, 0])), Throws.TypeOf<InvalidFileException>().With.Message.Contains("kind 42"));
    }

    // No end; a length beyond the file; not in order; twice; not the first byte of its kind; compressed what never is; a length not in its shortest form.
    [TestCase(new byte[] { })]
    [TestCase(new byte[] { 0x02, 2, 1, 1 })]
    [TestCase(new byte[] { 0x02, 200, 1, 0 })]
    [TestCase(new byte[] { 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0 })]
    [TestCase(new byte[] { 0x03, 1, 1, 0x02, 1, 1, 0 })]
    [TestCase(new byte[] { 0x02, 1, 1, 0x02, 1, 1, 0 })]
    [TestCase(new byte[] { 0x06, 0, 0 })]
    [TestCase(new byte[] { 0x81, 1, 1, 0 })]
    [TestCase(new byte[] { 0x44, 4, 1, 1, 0, 1, 0 })]
    [TestCase(new byte[] { 0x80, 0, 0 })]
    [TestCase(new byte[] { 0x02, 0x81, 0x00, 1, 0 })]
    public void Damaged_boxes_are_refused(byte[] boxes) =>
        Assert.That(() => IcdFile.Read(Wrap(boxes)), Throws.TypeOf<InvalidFileException>());

    // Not four bytes; a range that is neither; gammas of 0, of too many bytes and of none; no length before what is compressed; no DEFLATE; an empty one.
    [TestCase(new byte[] { 0x04, 3, 1, 1, 0, 0 })]
    [TestCase(new byte[] { 0x04, 4, 1, 1, 0, 2, 0 })]
    [TestCase(new byte[] { 0x05, 1, 0, 0 })]
    [TestCase(new byte[] { 0x05, 2, 1, 1, 0 })]
    [TestCase(new byte[] { 0x05, 0, 0 })]
    [TestCase(new byte[] { 0x42, 0, 0 })]
    [TestCase(new byte[] { 0x42, 3, 5, 0xFF, 0xFF, 0 })]
    [TestCase(new byte[] { 0x42, 1, 5, 0 })]
    public void Damaged_contents_are_refused(byte[] boxes)
    {
        IcdFile file = IcdFile.Read(Wrap(boxes));
        Assert.That(() => IcdMetadata.FromBoxes(file.Boxes), Throws.TypeOf<InvalidFileException>());
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1)]
    public void A_compressed_box_holds_just_what_it_says(int more)
    {
        byte[] box = [0x41, .. Payload(100 + more, Deflate(new byte[100])), 0];
        IcdFile file = IcdFile.Read(Wrap(box));
        Assert.That(() => IcdMetadata.FromBoxes(file.Boxes), more == 0 ? Throws.Nothing : Throws.TypeOf<InvalidFileException>());
    }

    [TestCase(PictureMetadata.MaxLength + 1)]
    [TestCase(int.MaxValue)]
    public void A_bomb_is_refused_before_memory_is_taken(int length)
    {
        byte[] compressed = Deflate(new byte[PictureMetadata.MaxLength + 1]);
        IcdFile file = IcdFile.Read(Wrap([0x41, .. Payload(length, compressed), 0]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => IcdMetadata.FromBoxes(file.Boxes), Throws.TypeOf<InvalidFileException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    [Test]
    public void Metadata_that_are_too_long_are_refused() =>
        Assert.That(() => new PictureMetadata { Xmp = new byte[PictureMetadata.MaxLength + 1] }, Throws.ArgumentException.With.Message.Contains("Xmp"));

    private static byte[] Wrap(byte[] boxesAndBody)
    {
        byte[] bytes = [0x1C, 0xD2, 0x12, 0x34, 0x56, 0x04, 0x04, .. boxesAndBody];
        int crc = Crc24.Compute(bytes);
        return [.. bytes, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    private static byte[] Payload(int length, byte[] compressed) => [.. Number(Number(length).Length + compressed.Length), .. Number(length), .. compressed];

    private static byte[] Number(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Number(value >> 7)];

    private static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (DeflateStream deflate = new(stream, CompressionLevel.Optimal))
        {
            deflate.Write(bytes);
        }

        return stream.ToArray();
    }
}
