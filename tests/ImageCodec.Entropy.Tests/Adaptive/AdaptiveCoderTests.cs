using System.Buffers;

namespace ImageCodec.Entropy.Tests.Adaptive;

internal sealed class AdaptiveCoderTests
{
    private static byte[] Encode(ReadOnlySpan<byte> symbols)
    {
        ArrayBufferWriter<byte> writer = new();
        long written = AdaptiveCoder.Encode(symbols, writer);
        Assert.That(written, Is.EqualTo(writer.WrittenCount));
        return writer.WrittenSpan.ToArray();
    }

    [TestCaseSource(typeof(AdaptiveVector), nameof(AdaptiveVector.All))]
    public void Encodes_the_committed_stream_byte_for_byte(object item)
    {
        AdaptiveVector vector = (AdaptiveVector)item;
        Assert.That(Encode(vector.Symbols), Is.EqualTo(vector.Stream));
        Assert.That(PlainAdaptiveCoder.Encode(vector.Symbols), Is.EqualTo(vector.Stream));
    }

    [TestCaseSource(typeof(AdaptiveVector), nameof(AdaptiveVector.All))]
    public void Decodes_the_committed_stream(object item)
    {
        AdaptiveVector vector = (AdaptiveVector)item;
        byte[] symbols = new byte[vector.Symbols.Length];
        AdaptiveCoder.Decode(vector.Stream, symbols);
        Assert.That(symbols, Is.EqualTo(vector.Symbols));
        Assert.That(PlainAdaptiveCoder.Decode(vector.Stream, symbols.Length), Is.EqualTo(vector.Symbols));
    }

    [Test]
    public void The_instance_takes_a_shape_as_the_context_coders_does()
    {
        TensorShape shape = new(3, 4, 5);
        byte[] symbols = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 7))];
        ArrayBufferWriter<byte> writer = new();
        AdaptiveCoder.Instance.Encode(symbols, shape, writer);
        Assert.That(writer.WrittenSpan.ToArray(), Is.EqualTo(PlainAdaptiveCoder.Encode(symbols)));
        byte[] back = new byte[60];
        AdaptiveCoder.Instance.Decode(writer.WrittenSpan, shape, back);
        Assert.That(back, Is.EqualTo(symbols));
    }

    [TestCase(3, 4, 6)]
    [TestCase(-3, -4, 5)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void A_shape_of_another_length_is_the_callers_mistake(int height, int width, int channels)
    {
        AdaptiveCoder coder = AdaptiveCoder.Instance;
        TensorShape shape = new(height, width, channels);
        byte[] symbols = new byte[61];
        Assert.That(() => coder.Encode(symbols, shape, new ArrayBufferWriter<byte>()), Throws.ArgumentException);
        Assert.That(() => coder.Decode(symbols, shape, symbols), Throws.ArgumentException);
    }

    [Test]
    public void No_symbols_make_a_stream_and_come_back()
    {
        byte[] stream = Encode([]);
        Assert.That(stream, Is.EqualTo(PlainAdaptiveCoder.Encode([])));
        Assert.That(AdaptiveCoder.TryDecode(stream, []), Is.True);
        Assert.That(AdaptiveCoder.TryDecode([], []), Is.False);
    }
}
