using System.Buffers;
using System.Globalization;
using System.Text;
using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Cli.Tests;

/// <summary>The worked examples of docs/format.md are what the code does.</summary>
internal sealed class FormatDocumentTests
{
    private static readonly TensorShape Shape = new(1, 1, 16);

    private readonly Dictionary<string, string> _example = Read();

    [Test]
    public void The_writer_gives_the_example()
    {
        float[] latent = Numbers("latent");
        byte[] symbols = new byte[latent.Length];
        byte[] side = new byte[2];
        new UniformQuantizer().Quantize(latent, Shape, int.Parse(_example["bits"], CultureInfo.InvariantCulture), symbols, side);
        ArrayBufferWriter<byte> stream = new();
        AdaptiveCoder.Encode(symbols, stream);
        CodecFingerprint fingerprint = CodecFingerprint.Of(Encoding.UTF8.GetBytes("an example codec\n"));
        byte[] file = IcdFile.Write(fingerprint, 5, 3, [.. side, .. stream.WrittenSpan]);

        Assert.That(symbols, Is.EqualTo(Numbers("symbols")));
        Assert.That(side, Is.EqualTo(Bytes("side information")));
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Bytes("stream")));
        Assert.That(fingerprint.ToString(), Is.EqualTo(Convert.ToHexStringLower(Bytes("fingerprint"))));
        Assert.That(file, Is.EqualTo(Bytes("file")));
        Assert.That(file[^3..], Is.EqualTo(Bytes("checksum")));
    }

    [Test]
    public void The_reader_takes_the_example()
    {
        IcdFile icd = IcdFile.Read(Bytes("file"));
        Assert.That((icd.Version, icd.Width, icd.Height), Is.EqualTo((1, 5, 3)));
        byte[] symbols = new byte[Shape.Length];
        AdaptiveCoder.Decode(icd.Body.Span[2..], symbols);
        Assert.That(symbols, Is.EqualTo(Numbers("symbols")));

        float[] latent = new float[Shape.Length];
        new UniformQuantizer().Dequantize(symbols, Shape, icd.Body.Span[..2], latent);
        float[] centres = Numbers("centres");
        Assert.That(latent, Is.EqualTo(symbols.Select(symbol => centres[symbol])));
        Assert.That(2 * centres[0] * centres.Length, Is.EqualTo(Numbers("range")[0]).Within(1e-5));
    }

    [Test]
    public void The_context_coder_gives_and_takes_the_example()
    {
        byte[] symbols = [.. Numbers("symbols").Select(symbol => (byte)symbol)];
        ArrayBufferWriter<byte> stream = new();
        ContextCoder.Instance.Encode(symbols, Shape, stream);
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Bytes("context stream")));

        byte[] back = new byte[symbols.Length];
        ContextCoder.Instance.Decode(Bytes("context stream"), Shape, back);
        Assert.That(back, Is.EqualTo(symbols));
    }

    [Test]
    public void The_table_coder_gives_and_takes_the_example()
    {
        ScaleGrid grid = new(0.11, 256, 64);
        FrequencyTableSet tables = grid.CreateGaussianTables();
        Assert.That(BitConverter.DoubleToInt64Bits(grid.Scales[10]).ToString("X16", CultureInfo.InvariantCulture), Is.EqualTo(_example["scale of table 10"]));
        Assert.That(BitConverter.DoubleToInt64Bits(grid.Thresholds[10]).ToString("X16", CultureInfo.InvariantCulture), Is.EqualTo(_example["threshold 10"]));
        foreach (int table in new[] { 0, 10, 11 })
        {
            Assert.That(tables.Tables[table].Frequencies.ToArray(), Is.EqualTo(Numbers($"frequencies, table {table}")));
        }

        TableCoder coder = new(tables);
        byte[] indices = [.. Numbers("tables").Select(index => (byte)index)];
        short[] values = [.. Numbers("values").Select(value => (short)value)];
        ArrayBufferWriter<byte> stream = new();
        coder.Encode(values, indices, stream);
        Assert.That(stream.WrittenSpan.ToArray(), Is.EqualTo(Bytes("table stream")));

        short[] back = new short[values.Length];
        coder.Decode(Bytes("table stream"), indices, back);
        Assert.That(back, Is.EqualTo(values));

        ArrayBufferWriter<byte> single = new();
        coder.Encode([0], [11], single);
        Assert.That(single.WrittenSpan.ToArray(), Is.EqualTo(Bytes("one value's stream")));
    }

    private static Dictionary<string, string> Read()
    {
        using StreamReader reader = new(typeof(FormatDocumentTests).Assembly.GetManifestResourceStream("format.md")!);
        string text = reader.ReadToEnd();
        string[] parts = text[text.IndexOf("## A worked example", StringComparison.Ordinal)..].Split("```");

        // Blocks of lines, each a name, two spaces or more, a value.
        return parts.Where((_, index) => index % 2 == 1)
            .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split("  ", 2))
            .ToDictionary(line => line[0].Trim(), line => line[1].Trim());
    }

    private float[] Numbers(string name) => [.. _example[name].Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private byte[] Bytes(string name) => Convert.FromHexString(_example[name].Replace(" ", ""));
}
