using System.Globalization;
using System.Security.Cryptography;
using ImageCodec.Entropy.Tests.Adaptive;
using ImageCodec.Entropy.Tests.Tables;
using ImageCodec.Tests;

namespace ImageCodec.Entropy.Tests;

/// <summary>The same bytes, symbols and tables with instruction sets switched off, each in a process of its own.</summary>
internal sealed class InstructionSetTests
{
    private static readonly Lazy<string> s_digest = new(GetDigest);

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableHWIntrinsic")]
    public void Every_vector_width_gives_the_same(string setting) =>
        Assert.That(ChildProcess.Run(nameof(Child_writes_its_digest), setting), Is.EqualTo(s_digest.Value));

    /// <summary>The other process's part; on its own it says nothing.</summary>
    [Test]
    public void Child_writes_its_digest() => ChildProcess.Answer(GetDigest);

    private static string GetDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (AdaptiveVector vector in AdaptiveVector.All)
        {
            hash.AppendData(AdaptivePropertyTests.Encode(vector.Symbols));
            byte[] back = new byte[vector.Symbols.Length];
            AdaptiveCoder.Decode(vector.Stream, back);
            hash.AppendData(back);
        }

        for (int seed = 0; seed < 60; seed++)
        {
            byte[] symbols = seed % 6 == 0 ? RandomInputs.CarryRun(1500, seed) : RandomInputs.Symbols(seed, 20000);
            byte[] stream = AdaptivePropertyTests.Encode(symbols);
            hash.AppendData(stream);
            byte[] back = new byte[symbols.Length];
            hash.AppendData([Convert.ToByte(AdaptiveCoder.TryDecode(stream, back))]);
            hash.AppendData(back);
        }

        // One for every number of states.
        TableCoder coder = new(TableInputs.Scales);
        foreach (int count in new[] { 500, 3000, 150_000, 600_000, 2_100_000 })
        {
            (short[] values, byte[] indices) = TableInputs.Values(count, count);
            byte[] stream = TableInputs.Encode(coder, values, indices);
            hash.AppendData(stream);
            short[] back = new short[count];
            hash.AppendData([Convert.ToByte(coder.TryDecode(stream, indices, back) && back.AsSpan().SequenceEqual(values))]);
            hash.AppendData([Convert.ToByte(ComesBackAlongPaths(count))]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(hash.GetHashAndReset())}");
    }

    private static bool ComesBackAlongPaths(int count)
    {
        TableCoder coder = new(TrellisTests.Tables);
        (short[] values, byte[] indices, byte[] chosen) = TrellisTests.Values(count, count, count);
        short[] back = new short[count];
        TableReader reader = coder.CreateReader(TableInputs.Encode(coder, values, chosen), count);
        return reader.TryReadTrellis(indices, back) && reader.IsAtEnd && back.AsSpan().SequenceEqual(values) && indices.AsSpan().SequenceEqual(chosen);
    }
}
