using System.Buffers;
using System.Security.Cryptography;
using ImageCodec.Entropy.Context;

namespace ImageCodec.Entropy.Tests.Context;

public class ContextCoderTests
{
    private static readonly TensorShape Shape = new(16, 16, 16);

    [Test]
    public void Every_latent_comes_back([Range(0, 8)] int bits)
    {
        Random random = new(bits);
        TensorShape[] shapes = [new(1, 1, 1), new(1, 7, 3), new(5, 1, 2), new(3, 4, 16), new(9, 11, 5)];
        foreach (TensorShape shape in shapes)
        {
            for (int repeat = 0; repeat < 20; repeat++)
            {
                byte[] symbols = [.. Enumerable.Range(0, shape.Length).Select(_ => (byte)random.Next(1 << random.Next(bits + 1)))];
                Assert.That(Decode(Encode(symbols, shape), shape), Is.EqualTo(symbols), $"{shape}, {repeat}");
            }
        }
    }

    [Test]
    public void Extreme_symbols_come_back([Values(0, 1, 127, 128, 255)] int symbol)
    {
        byte[] symbols = new byte[Shape.Length];
        symbols.AsSpan().Fill((byte)symbol);
        byte[] stream = Encode(symbols, Shape);
        Assert.That(stream, Has.Length.LessThan(40));
        Assert.That(Decode(stream, Shape), Is.EqualTo(symbols));

        // One exception at the very end costs its bits and breaks nothing.
        symbols[^1] ^= 255;
        Assert.That(Decode(Encode(symbols, Shape), Shape), Is.EqualTo(symbols));
    }

    [Test]
    public void Symbols_without_any_pattern_cost_little_more_than_their_entropy([Range(1, 8)] int bits)
    {
        byte[] symbols = new byte[Shape.Length * 16];
        new Random(1).NextBytes(symbols);
        foreach (ref byte symbol in symbols.AsSpan())
        {
            symbol &= (byte)((1 << bits) - 1);
        }

        Assert.That(Encode(symbols, new TensorShape(64, 64, 16)), Has.Length.LessThan(symbols.Length * bits / 8 * 1.06));
    }

    [Test]
    public void Channels_and_neighbours_that_are_alike_are_made_use_of()
    {
        // Each channel is smooth and has a level of its own.
        byte[] symbols = new byte[Shape.Length];
        Random random = new(5);
        for (int i = 0; i < symbols.Length; i++)
        {
            int channel = i % 16, x = i / 16 % 16, y = i / 256;
            symbols[i] = (byte)((channel + (x + y) / 8 + random.Next(8) / 7) & 3);
        }

        ArrayBufferWriter<byte> memoryless = new();
        AdaptiveCoder.Encode(symbols, memoryless);
        Assert.That(Encode(symbols, Shape), Has.Length.LessThan(0.6 * memoryless.WrittenCount));
    }

    [Test]
    public void The_stream_is_the_same_on_every_machine()
    {
        // Written once; a change of these bytes breaks every file there is.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int bits = 1; bits <= 8; bits++)
        {
            byte[] symbols = new byte[Shape.Length];
            uint state = (uint)bits;
            for (int i = 0; i < symbols.Length; i++)
            {
                state = state * 1664525 + 1013904223;
                symbols[i] = (byte)(((state >> 24) * (state >> 24) >> 8) >> (8 - bits));
            }

            hash.AppendData(Encode(symbols, Shape));
        }

        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset()), Is.EqualTo("fd514e183672e3d3020f0bce7826a6ff5d0320cce88f0042a011c9b773690952"));
    }

    [Test]
    public void Stretch_is_that_of_the_format_document()
    {
        using StreamReader reader = new(GetType().Assembly.GetManifestResourceStream("format.md")!);
        string[] lines = reader.ReadToEnd().Split('\n');
        int[] Numbers(string name) => [.. lines.Single(line => line.StartsWith(name + "  ", StringComparison.Ordinal))[name.Length..].Trim().Split(' ').Select(int.Parse)];

        int[] places = Numbers("i");
        Assert.That(places, Has.Length.EqualTo(4));
        Assert.That(places.Select(i => LogisticFunction.Stretch(i << 4)), Is.EqualTo(Numbers("stretch")));
    }

    [Test]
    public void Cut_or_changed_streams_give_symbols_or_the_documented_exception()
    {
        Random random = new(3);
        byte[] symbols = [.. Enumerable.Range(0, 300).Select(i => (byte)(random.Next(16) & i))];
        TensorShape shape = new(5, 10, 6);
        byte[] stream = Encode(symbols, shape);
        for (int length = 0; length < stream.Length; length++)
        {
            Try(stream[..length], shape);
        }

        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = (byte[])stream.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Try(damaged, shape);
        }

        Assert.That(() => Decode([.. stream, 1, 2, 3, 4, 5, 6, 7, 8], shape), Throws.TypeOf<InvalidFileException>());
        Assert.That(() => Decode([0x00], shape), Throws.TypeOf<InvalidFileException>().With.Message.Contains("bits"));
    }

    [Test]
    public void Wrong_lengths_are_the_callers_mistake()
    {
        Assert.That(() => Encode(new byte[3], new TensorShape(1, 1, 4)), Throws.ArgumentException);
        Assert.That(() => ContextCoder.Instance.Decode([], new TensorShape(1, 1, 4), new byte[3]), Throws.ArgumentException);
        Assert.That(() => ContextCoder.Instance.Encode(new byte[4], new TensorShape(1, 1, 4), null!), Throws.ArgumentNullException);
    }

    private static byte[] Encode(byte[] symbols, TensorShape shape)
    {
        ArrayBufferWriter<byte> stream = new();
        ContextCoder.Instance.Encode(symbols, shape, stream);
        return stream.WrittenSpan.ToArray();
    }

    private static byte[] Decode(byte[] stream, TensorShape shape)
    {
        byte[] symbols = new byte[shape.Length];
        ContextCoder.Instance.Decode(stream, shape, symbols);
        return symbols;
    }

    private static void Try(byte[] stream, TensorShape shape)
    {
        try
        {
            Decode(stream, shape);
        }
        catch (InvalidFileException)
        {
        }
    }
}
