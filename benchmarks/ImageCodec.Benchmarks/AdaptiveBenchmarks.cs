using BenchmarkDotNet.Attributes;
using ImageCodec.Entropy;
using ImageCodec.NativeComparison;

namespace ImageCodec.Benchmarks;

public enum SymbolSource
{
    /// <summary>256 symbols, all alike.</summary>
    Uniform,

    /// <summary>An exponential fall with the mean 8.</summary>
    Skewed,

    /// <summary>Four symbols with 50, 30, 10 and 10 %.</summary>
    TwoBit,
}

/// <summary>The adaptive coder, managed and native, on the same symbols.</summary>
public abstract class AdaptiveBase
{
    [Params(SymbolSource.Uniform, SymbolSource.Skewed, SymbolSource.TwoBit)]
    public SymbolSource Source { get; set; }

    [Params(4096, 4_000_000)]
    public int Symbols { get; set; }

    protected byte[] Input { get; private set; } = [];

    protected byte[] Stream { get; private set; } = [];

    protected int StreamLength { get; private set; }

    protected byte[] Output { get; private set; } = [];

    [GlobalSetup]
    public void SetUp()
    {
        Random random = new(1);
        Input = new byte[Symbols];
        for (int i = 0; i < Symbols; i++)
        {
            Input[i] = Source switch
            {
                SymbolSource.Uniform => (byte)random.Next(256),
                SymbolSource.Skewed => (byte)Math.Min(255, -8 * Math.Log(1 - random.NextDouble())),
                _ => (byte)(random.Next(10) switch { < 5 => 0, < 8 => 1, < 9 => 2, _ => 3 }),
            };
        }

        Stream = new byte[AdaptiveCoder.GetMaxEncodedLength(Symbols)];
        AdaptiveCoder.TryEncode(Input, Stream, out int length);
        StreamLength = length;
        Output = new byte[Symbols];
    }
}

public class AdaptiveEncode : AdaptiveBase
{
    [Benchmark(Baseline = true)]
    public int NativePlain() => NativeAdaptiveCoder.PlainEncode(Input, Stream);

    [Benchmark]
    public int NativeFast() => NativeAdaptiveCoder.FastEncode(Input, Stream);

    [Benchmark]
    public bool Managed() => AdaptiveCoder.TryEncode(Input, Stream, out _);
}

public class AdaptiveDecode : AdaptiveBase
{
    [Benchmark(Baseline = true)]
    public void NativePlain() => NativeAdaptiveCoder.PlainDecode(Stream.AsSpan(0, StreamLength), Output);

    [Benchmark]
    public void NativeFast() => NativeAdaptiveCoder.FastDecode(Stream.AsSpan(0, StreamLength), Output);

    [Benchmark]
    public bool Managed() => AdaptiveCoder.TryDecode(Stream.AsSpan(0, StreamLength), Output);
}
