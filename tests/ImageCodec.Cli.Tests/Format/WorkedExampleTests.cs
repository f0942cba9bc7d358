using System.Buffers;
using System.Globalization;
using System.Text;
using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Cli.Tests.Format;

/// <summary>The worked examples of docs/format.md are what the code does.</summary>
internal sealed class WorkedExampleTests
{
    private static readonly TensorShape Shape = new(1, 1, 16);

    private static FormatDocument Document => FormatDocument.Instance;

    [Test]
    public void The_writer_gives_the_example()
    {
        float[] latent = Document.Numbers("latent");
        byte[] symbols = new byte[latent.Length];
        byte[] side = new byte[2];
        new UniformQuantizer().Quantize(latent, Shape, int.Parse(Document.Text("bits"), CultureInfo.InvariantCulture), symbols, side);
        ArrayBufferWriter<byte> stream = new();
        AdaptiveCoder.Encode(symbols, stream);
        CodecFingerprint fingerprint = CodecFingerprint.Of(Encoding.UTF8.GetBytes("an example codec\n"));
        byte[] file = IcdFile.Encode(fingerprint, 5, 3, [.. side, .. stream.WrittenSpan]);

        Assert.That(symbols, Is.EqualTo(Document.Numbers("symbols")));
        Assert.That(side, Is.EqualTo(Document.Bytes("side information")));
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Document.Bytes("stream")));
        Assert.That(fingerprint.ToString(), Is.EqualTo(Convert.ToHexStringLower(Document.Bytes("fingerprint"))));
        Assert.That(file, Is.EqualTo(Document.Bytes("file")));
        Assert.That(file[^3..], Is.EqualTo(Document.Bytes("checksum")));
    }

    [Test]
    public void The_reader_takes_the_example()
    {
        IcdFile icd = IcdFile.Read(Document.Bytes("file"));
        Assert.That((icd.Version, icd.Width, icd.Height), Is.EqualTo((1, 5, 3)));
        byte[] symbols = new byte[Shape.Length];
        AdaptiveCoder.Decode(icd.Body.Span[2..], symbols);
        Assert.That(symbols, Is.EqualTo(Document.Numbers("symbols")));

        float[] latent = new float[Shape.Length];
        new UniformQuantizer().Dequantize(symbols, Shape, icd.Body.Span[..2], latent);
        float[] centres = Document.Numbers("centres");
        Assert.That(latent, Is.EqualTo(symbols.Select(symbol => centres[symbol])));
        Assert.That(2 * centres[0] * centres.Length, Is.EqualTo(Document.Numbers("range")[0]).Within(1e-5));
    }

    [Test]
    public void The_context_coder_gives_and_takes_the_example()
    {
        byte[] symbols = [.. Document.Numbers("symbols").Select(symbol => (byte)symbol)];
        ArrayBufferWriter<byte> stream = new();
        ContextCoder.Instance.Encode(symbols, Shape, stream);
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Document.Bytes("context stream")));

        byte[] back = new byte[symbols.Length];
        ContextCoder.Instance.Decode(Document.Bytes("context stream"), Shape, back);
        Assert.That(back, Is.EqualTo(symbols));
    }

    [Test]
    public void The_table_coder_gives_and_takes_the_example()
    {
        ScaleGrid grid = new(0.11, 256, 64);
        FrequencyTableSet tables = grid.CreateGaussianTables();
        Assert.That(BitConverter.DoubleToInt64Bits(grid.Scales[10]).ToString("X16", CultureInfo.InvariantCulture), Is.EqualTo(Document.Text("scale of table 10")));

        // What lies below the threshold has its table, the threshold itself the next one.
        double threshold = BitConverter.UInt64BitsToDouble(ulong.Parse(Document.Text("threshold 10"), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.That((grid.GetIndex(Math.BitDecrement(threshold)), grid.GetIndex(threshold)), Is.EqualTo(((byte)10, (byte)11)));
        foreach (int table in new[] { 0, 10, 11 })
        {
            Assert.That(tables.Tables[table].Frequencies.ToArray(), Is.EqualTo(Document.Numbers($"frequencies, table {table}")));
        }

        TableCoder coder = new(tables);
        byte[] indices = [.. Document.Numbers("tables").Select(index => (byte)index)];
        short[] values = [.. Document.Numbers("values").Select(value => (short)value)];
        ArrayBufferWriter<byte> stream = new();
        coder.Encode(values, indices, stream);
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Document.Bytes("table stream")));

        short[] back = new short[values.Length];
        coder.Decode(Document.Bytes("table stream"), indices, back);
        Assert.That(back, Is.EqualTo(values));

        ArrayBufferWriter<byte> single = new();
        coder.Encode([0], [11], single);
        Assert.That(single.WrittenSpan.ToArray(), Is.EqualTo(Document.Bytes("one value's stream")));
    }

    [Test]
    public void The_limit_of_pixels_is_that_of_the_library() =>
        Assert.That(Document.Says($"more than {RgbImage.MaxPixelCount.ToString("N0", CultureInfo.InvariantCulture)} pixels"), Is.True);

    [Test]
    public void Streams_of_the_context_coder_are_those_of_the_document()
    {
        Dictionary<string, Func<int, int, int>> rules = new()
        {
            ["0"] = (_, _) => 0,
            ["1"] = (_, _) => 1,
            ["0, the last one 1"] = (i, count) => i == count - 1 ? 1 : 0,
            ["i mod 4"] = (i, _) => i % 4,
            ["i² mod 251"] = (i, _) => i * i % 251,
            ["1 where i mod 97 = 0, else 0"] = (i, _) => i % 97 == 0 ? 1 : 0,
            ["255"] = (_, _) => 255,
        };
        string[][] rows = Document.Rows("Streams of the context coder", "rows × columns × channels", "symbol number i", "stream");
        Assert.That(rows.Select(row => row[1]), Is.EquivalentTo(rules.Keys));
        foreach (string[] row in rows)
        {
            int[] sides = [.. row[0].Split('×').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
            TensorShape shape = new(sides[0], sides[1], sides[2]);
            byte[] symbols = [.. Enumerable.Range(0, shape.Length).Select(i => (byte)rules[row[1]](i, shape.Length))];
            byte[] stream = FormatDocument.ParseBytes(row[2].Trim('`'));

            ArrayBufferWriter<byte> written = new();
            ContextCoder.Instance.Encode(symbols, shape, written);
            byte[] read = new byte[symbols.Length];
            ContextCoder.Instance.Decode(stream, shape, read);
            Assert.That(written.WrittenSpan.ToArray(), Is.EqualTo(stream), row[1]);
            Assert.That(read, Is.EqualTo(symbols), row[1]);
        }
    }

    [Test]
    public void Files_of_one_pixel_are_written_and_restored_as_in_the_document()
    {
        foreach (PretrainedModel model in PretrainedModel.All)
        {
            using ImageCompressor compressor = ImageCompressor.LoadPretrained(model.Name);

            // What «fitted» fits may hang on the vectors' width; only how its files are restored does not.
            if (model.HasStages)
            {
                byte[] file = compressor.Compress(new RgbImage(1, 1, Pixel($"{model.Name} picture")));
                Assert.That(
                    file, Is.EqualTo(Document.Bytes($"{model.Name} file")), $"{model.Name} file  {BitConverter.ToString(file).Replace('-', ' ')}");
            }

            RgbImage restored = compressor.Decompress(Document.Bytes($"{model.Name} file"));
            Assert.That((restored.Width, restored.Height), Is.EqualTo((1, 1)));
            Assert.That(restored.Pixels.ToArray(), Is.EqualTo(Pixel($"{model.Name} restored")), model.Name);
        }
    }

    [Test]
    public void A_file_with_boxes_is_restored_as_in_the_document()
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("strided");

        RgbImage restored = compressor.Decompress(Document.Bytes("boxes file"));

        byte[] cicp = Pixel("boxes cicp");
        Assert.That((restored.Width, restored.Height, restored.IsGrey), Is.EqualTo((4, 2, true)));
        Assert.That(restored.Pixels.ToArray(), Is.EqualTo(Pixel("boxes restored").SelectMany(value => new[] { value, value, value })));
        Assert.That(restored.Alpha.ToArray(), Is.EqualTo(Pixel("boxes alpha")));
        Assert.That(System.Text.Encoding.UTF8.GetString(restored.Metadata.Xmp.Span), Is.EqualTo(Document.Text("boxes xmp")));
        Assert.That(restored.Metadata.CodePoints, Is.EqualTo(new ColorCodePoints(cicp[0], cicp[1], cicp[2], cicp[3] == 1)));
        Assert.That(restored.Metadata.Gamma, Is.EqualTo(int.Parse(Document.Text("boxes gamma"), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void A_file_with_residuals_is_restored_as_in_the_document()
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("strided");
        byte[] file = Document.Bytes("lossless file");

        // Magic, codec and sides come before the only box. A file without it is of version 1, and has no end of boxes.
        const int Start = 7;
        int end = Start + 2 + file[Start + 1];
        byte[] plain = WithChecksum([file[0], (byte)(file[1] - 1), .. file[2..Start], .. file[(end + 1)..^3]]);

        Assert.That(compressor.Decompress(file).Pixels.ToArray(), Is.EqualTo(Pixel("lossless picture")));
        Assert.That(compressor.Decompress(plain).Pixels.ToArray(), Is.EqualTo(Pixel("lossless body")));
        Assert.That(compressor.Compress(new RgbImage(4, 2, Pixel("lossless picture")), new CompressionOptions { MaxError = 0 }), Is.EqualTo(file));
    }

    private static byte[] WithChecksum(byte[] bytes)
    {
        int crc = 0xB704CE;
        foreach (byte value in bytes)
        {
            crc ^= value << 16;
            for (int i = 0; i < 8; i++)
            {
                crc = ((crc << 1) ^ ((crc & 0x800000) != 0 ? 0x864CFB : 0)) & 0xFFFFFF;
            }
        }

        crc ^= 0xFFFFFF;
        return [.. bytes, (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    private static byte[] Pixel(string name) => [.. Document.Numbers(name).Select(value => (byte)value)];
}
