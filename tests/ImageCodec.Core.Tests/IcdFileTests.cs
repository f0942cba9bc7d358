namespace ImageCodec.Tests;

public class IcdFileTests
{
    private static readonly CodecFingerprint s_codec = new(0x123456);

    [TestCase(1, 1)]
    [TestCase(128, 128)]
    [TestCase(129, 1)]
    [TestCase(1, 16384)]
    [TestCase(16385, 3)]
    [TestCase(500, 333)]
    [TestCase(RgbImage.MaxPixelCount, 1)]
    [TestCase(1, RgbImage.MaxPixelCount)]
    public void What_was_written_is_read(int width, int height)
    {
        byte[] body = [.. Enumerable.Range(0, 50).Select(i => (byte)i)];

        byte[] bytes = IcdFile.Encode(s_codec, width, height, body);
        IcdFile file = IcdFile.Read(bytes);

        Assert.Multiple(() =>
        {
            Assert.That((file.Version, file.Boxes.Count), Is.EqualTo((1, 0)));
            Assert.That(file.Fingerprint, Is.EqualTo(s_codec));
            Assert.That((file.Width, file.Height), Is.EqualTo((width, height)));
            Assert.That(file.Body.ToArray(), Is.EqualTo(body));
            Assert.That(file.FileLength, Is.EqualTo(bytes.Length));
            Assert.That(file.BitsPerPixel, Is.EqualTo(8.0 * bytes.Length / ((double)width * height)));
            Assert.That(IcdFile.IsIcd(bytes), Is.True);
        });
    }

    [Test]
    public void The_beginning_of_a_file_is_read_without_its_checksum()
    {
        byte[] body = [.. Enumerable.Range(0, 50).Select(i => (byte)i)];
        byte[] bytes = IcdFile.Encode(s_codec, 300, 2, body);
        for (int kept = 0; kept <= body.Length; kept++)
        {
            byte[] prefix = bytes[..(8 + kept)];
            if (prefix.Length < 10)
            {
                Assert.That(() => IcdFile.ReadPrefix(prefix), Throws.TypeOf<InvalidFileException>());
                continue;
            }

            IcdFile file = IcdFile.ReadPrefix(prefix);
            Assert.That((file.Fingerprint, file.Width, file.Height, file.FileLength), Is.EqualTo((s_codec, 300, 2, prefix.Length)));
            Assert.That(file.Body.ToArray(), Is.EqualTo(body[..kept]));
            Assert.That(IcdFile.IsWhole(prefix), Is.False);
        }

        Assert.That(IcdFile.IsWhole(bytes), Is.True);
        Assert.That(IcdFile.IsWhole(bytes.AsSpan(0, 5)), Is.False);
        bytes[1] += 2;
        Assert.That(() => IcdFile.ReadPrefix(bytes), Throws.TypeOf<InvalidFileException>().With.Message.Contains("version 3"));
        Assert.That(IcdFile.IsWhole(bytes), Is.False);
    }

    [TestCase(1, 1)]
    [TestCase(128, 1)]
    [TestCase(129, 2)]
    [TestCase(16384, 2)]
    [TestCase(16385, 3)]
    [TestCase(2097153, 4)]
    public void A_side_less_one_takes_seven_bits_a_byte(int side, int bytes) =>
        Assert.That(IcdFile.Encode(s_codec, side, 1, []), Has.Length.EqualTo(2 + 3 + bytes + 1 + 3));

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        byte[] bytes = IcdFile.Encode(s_codec, 300, 2, [0xAA, 0xBB]);
        int crc = Crc24.Compute(bytes.AsSpan(0, bytes.Length - 3));

        // 300 − 1 = 0b10_0101011.
        byte[] expected = [0x1C, 0xD1, 0x12, 0x34, 0x56, 0xAB, 0x02, 0x01, 0xAA, 0xBB, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [Test]
    public void A_picture_of_128x128_costs_ten_bytes_beside_its_body() =>
        Assert.That(IcdFile.Encode(s_codec, 128, 128, new byte[500]), Has.Length.EqualTo(510));

    [Test]
    public void Zeros_behind_a_file_are_seen([Values(1, 2, 3, 8)] int zeros)
    {
        // A plain CRC is blind to these: its own check behind the data brings it to zero, where zeros leave it.
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = IcdFile.Encode(s_codec, 17, 33, BitConverter.GetBytes(i));
            AssertRefused([.. bytes, .. new byte[zeros]], $"body {i}");
        }
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] bytes = IcdFile.Encode(s_codec, 500, 333, [1, 2, 3, 4, 5, 6, 7, 8]);
        for (int length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes[..length], $"cut at {length}");
        }
    }

    [Test]
    public void A_file_with_any_byte_changed_is_refused()
    {
        byte[] bytes = IcdFile.Encode(s_codec, 500, 333, [1, 2, 3, 4, 5, 6, 7, 8]);
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                if (value != bytes[i])
                {
                    byte[] damaged = [.. bytes];
                    damaged[i] = (byte)value;
                    AssertRefused(damaged, $"byte {i} is {value:X2}");
                }
            }
        }
    }

    [Test]
    public void A_later_version_is_named()
    {
        byte[] bytes = IcdFile.Encode(s_codec, 5, 5, []);
        bytes[1] = 0xD3;

        InvalidFileException error = Assert.Throws<InvalidFileException>(() => IcdFile.Read(bytes))!;

        Assert.That(error.Message, Does.Contain("version 3"));
        Assert.That((error.Format, error.Offset), Is.EqualTo(("ICD", (long?)1)));
        Assert.That(IcdFile.IsIcd(bytes), Is.True);
    }

    [Test]
    public void Something_else_is_no_such_file()
    {
        foreach (byte[] other in new byte[][] { [], [0x1C], [0x1C, 0xE1, 1, 1, 1, 1, 1, 1, 1, 1], [.. "plain text, nothing more"u8] })
        {
            Assert.That(IcdFile.IsIcd(other), Is.False);
            AssertRefused(other, $"{other.Length} bytes");
        }
    }

    // Under a right checksum: sides that never end, have needless zero bytes, are too large or have no end before the checksum.
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x00 })]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00 })]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x00 })]
    [TestCase(new byte[] { 0x85, 0x00, 0x00 })]
    [TestCase(new byte[] { 0x00, 0x85, 0x00 })]
    [TestCase(new byte[] { 0x80, 0x80 })]
    [TestCase(new byte[] { 0x01, 0x80 })]
    [TestCase(new byte[] { 0xFF, 0xFF, 0x03, 0xFF, 0xFF, 0x03 })]
    public void A_size_that_is_none_is_refused(byte[] sides)
    {
        byte[] bytes = [0x1C, 0xD1, 0x12, 0x34, 0x56, .. sides];
        int crc = Crc24.Compute(bytes);

        AssertRefused([.. bytes, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc], Convert.ToHexString(sides));
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    [TestCase(-5, 5)]
    public void A_side_below_one_is_not_written(int width, int height) =>
        Assert.That(() => IcdFile.Encode(s_codec, width, height, []), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(RgbImage.MaxPixelCount + 1, 1)]
    [TestCase(1, RgbImage.MaxPixelCount + 1)]
    [TestCase(65536, 65536)]
    [TestCase(int.MaxValue, int.MaxValue)]
    public void A_size_that_would_not_be_read_is_not_written(int width, int height) =>
        Assert.That(() => IcdFile.Encode(s_codec, width, height, []), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{width}×{height}"));

    [TestCase(-1)]
    [TestCase(0x1000000)]
    [TestCase(int.MaxValue)]
    public void A_fingerprint_has_24_bits(int value) =>
        Assert.That(() => new CodecFingerprint(value), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("000000", 0)]
    [TestCase("ffffff", 0xFFFFFF)]
    [TestCase("0a1B2c", 0x0A1B2C)]
    public void A_fingerprint_is_read_from_its_six_digits(string text, int value)
    {
        Assert.That(CodecFingerprint.TryParse(text, out CodecFingerprint fingerprint), Is.True);
        Assert.That(fingerprint.Value, Is.EqualTo(value));
        Assert.That(fingerprint.ToString(), Is.EqualTo(text.ToLowerInvariant()));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("12345")]
    [TestCase("1234567")]
    [TestCase("ffffffff")]
    [TestCase(" 12345")]
    [TestCase("12345 ")]
    [TestCase("-12345")]
    [TestCase("0x1234")]
    [TestCase("12345g")]
    public void What_is_no_fingerprint_is_told(string? text)
    {
        Assert.That(CodecFingerprint.TryParse(text, out CodecFingerprint fingerprint), Is.False);
        Assert.That(fingerprint, Is.EqualTo(default(CodecFingerprint)));
    }

    [Test]
    public void Fingerprints_are_equal_where_their_bits_are()
    {
        CodecFingerprint one = new(5);
        CodecFingerprint same = new(5);
        CodecFingerprint other = new(6);
        Assert.That(one == same && !(one != same) && one.Equals(same) && one.Equals((object)same) && one.GetHashCode() == same.GetHashCode());
        Assert.That(one != other && !(one == other) && !one.Equals(other) && !one.Equals((object)other) && !one.Equals((object?)null) && !one.Equals((object)5));
    }

    [Test]
    public void A_fingerprint_is_the_start_of_a_hash()
    {
        // SHA-256 of «abc» begins with ba7816bf.
        Assert.That(CodecFingerprint.Of("abc"u8), Is.EqualTo(new CodecFingerprint(0xBA7816)));
        Assert.That(CodecFingerprint.Of("abc"u8).ToString(), Is.EqualTo("ba7816"));
        Assert.That(new CodecFingerprint(0xFF).ToString(), Is.EqualTo("0000ff"));
    }

    private static void AssertRefused(byte[] bytes, string what) =>
        Assert.That(() => IcdFile.Read(bytes), Throws.TypeOf<InvalidFileException>(), what);
}
