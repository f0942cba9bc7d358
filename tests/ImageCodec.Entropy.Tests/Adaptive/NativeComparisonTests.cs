using ImageCodec.NativeComparison;

namespace ImageCodec.Entropy.Tests.Adaptive;

/// <summary>Managed against native, byte for byte.</summary>
internal sealed class NativeComparisonTests
{
    private const int InputCount = 10_000;

    [OneTimeSetUp]
    public void Build_the_native_coder()
    {
        if (!NativeAdaptiveCoder.IsAvailable)
        {
            Assert.Ignore(NativeAdaptiveCoder.Problem!);
        }
    }

    [TestCaseSource(typeof(AdaptiveVector), nameof(AdaptiveVector.All))]
    public void The_native_coders_write_and_read_the_committed_stream(object item)
    {
        AdaptiveVector vector = (AdaptiveVector)item;
        AssertSame(vector.Symbols, vector.Stream, vector.Name);
    }

    [Test]
    public void Ten_thousand_random_inputs_have_the_same_bytes_and_decode_in_each_other()
    {
        for (int seed = 0; seed < InputCount; seed++)
        {
            // Every fortieth is long enough for the counts to be halved.
            byte[] symbols = RandomInputs.Symbols(20_000 + seed, seed % 40 == 0 ? 60_000 : 3_000);
            AssertSame(symbols, AdaptivePropertyTests.Encode(symbols), $"seed {seed}");
        }
    }

    [Test]
    public void Long_carry_runs_have_the_same_bytes()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] symbols = RandomInputs.CarryRun(1000, seed);
            AssertSame(symbols, AdaptivePropertyTests.Encode(symbols), $"seed {seed}");
        }
    }

    private static void AssertSame(byte[] symbols, byte[] managed, string name)
    {
        byte[] stream = new byte[AdaptiveCoder.GetMaxEncodedLength(symbols.Length)];
        int plain = NativeAdaptiveCoder.PlainEncode(symbols, stream);
        Assert.That(stream.AsSpan(0, plain).SequenceEqual(managed), $"plain encoder, {name}");
        int fast = NativeAdaptiveCoder.FastEncode(symbols, stream);
        Assert.That(stream.AsSpan(0, fast).SequenceEqual(managed), $"fast encoder, {name}");

        byte[] back = new byte[symbols.Length];
        AdaptiveCoder.Decode(stream.AsSpan(0, fast), back);
        Assert.That(back.AsSpan().SequenceEqual(symbols), $"managed decoder, {name}");
        back.AsSpan().Clear();
        NativeAdaptiveCoder.PlainDecode(managed, back);
        Assert.That(back.AsSpan().SequenceEqual(symbols), $"plain decoder, {name}");
        back.AsSpan().Clear();
        NativeAdaptiveCoder.FastDecode(managed, back);
        Assert.That(back.AsSpan().SequenceEqual(symbols), $"fast decoder, {name}");
    }
}
