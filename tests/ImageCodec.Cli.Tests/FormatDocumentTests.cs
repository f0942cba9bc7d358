using System.Buffers;
using System.Globalization;
using System.Text;
using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Cli.Tests;

/// <summary>The worked example of docs/format.md is what the code does.</summary>
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

    private static Dictionary<string, string> Read()
    {
        using StreamReader reader = new(typeof(FormatDocumentTests).Assembly.GetManifestResourceStream("format.md")!);
        string text = reader.ReadToEnd();
        string block = text[text.IndexOf("## A worked example", StringComparison.Ordinal)..].Split("```")[1];

        // A name, two spaces or more, a value.
        return block.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split("  ", 2))
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim());
    }

    private float[] Numbers(string name) => [.. _example[name].Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private byte[] Bytes(string name) => Convert.FromHexString(_example[name].Replace(" ", ""));
}
