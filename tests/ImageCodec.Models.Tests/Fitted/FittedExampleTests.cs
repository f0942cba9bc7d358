using System.Buffers;
using ImageCodec.Models.Fitted;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The worked example of docs/format.md is what the code and the plain decoder do.</summary>
internal sealed class FittedExampleTests
{
    private const int Rate = 13;
    private const int Width = 9;
    private const int Height = 2;

    private static readonly FormatExample s_example = new("A fitted body");

    [Test]
    public void Probabilities_are_those_of_the_example()
    {
        int[] scales = [0, 36, 95];
        Assert.That(scales.Select(i => (int)LaplaceTables.Other[LaplaceTables.Row(0, i)]), Is.EqualTo(Numbers("other, f 0, scales 0 36 95")));
        Assert.That(scales.Select(i => (int)LaplaceTables.Other[LaplaceTables.Row(-8, i)]), Is.EqualTo(Numbers("other, f -8, scales 0 36 95")));
        Assert.That(scales.Select(i => (int)LaplaceTables.Above[LaplaceTables.Row(5, i)]), Is.EqualTo(Numbers("above, f 5, scales 0 36 95")));
        Assert.That(
            Enumerable.Range(0, 3).Select(t => (int)LaplaceTables.Distance[60 * LaplaceTables.Digits + t]), Is.EqualTo(Numbers("low bits 0 1 2, scale 60")));
        Assert.That(
            new[] { 0, 36, 60 }.Select(i => (int)LaplaceTables.Distance[i * LaplaceTables.Digits + LaplaceTables.LowBits(i)]), Is.EqualTo(Numbers("runs, scales 0 36 60")));
    }

    [Test]
    public void The_writer_gives_the_example()
    {
        FittedLayout layout = FittedLayout.Small;
        sbyte[] exponents = new sbyte[layout.Count];
        exponents.AsSpan().Fill(80);
        short[] distances = new short[layout.Count];
        Place("fitted filter", layout.FilterStart);
        Place("fitted linear weights", layout.LinearWeights);
        Place("fitted linear biases", layout.LinearBiases);
        int[] steps = new int[FittedLayout.GroupCount];
        (steps[3], steps[5]) = (Numbers("fitted spreads and steps")[1], Numbers("fitted spreads and steps")[3]);
        QuantizedNetwork network = QuantizedNetwork.FromDistances(new FittedPrior(layout, Rate, new short[layout.Count], exponents), distances, steps);
        IntegerGrids grids = new(Width, Height);
        for (int grid = 0; grid < 2; grid++)
        {
            Array.ConvertAll(Numbers($"fitted grid {grid}"), value => (short)value).CopyTo(grids.Values(grid), 0);
        }

        ArrayBufferWriter<byte> body = new();
        FittedBody.Write(network, grids, body);
        Assert.That(Convert.ToHexString(body.WrittenSpan), Is.EqualTo(Convert.ToHexString(Body)));
        byte[] pixels = IntegerSynthesis.Run(network, grids).Pixels.ToArray();
        Assert.That(pixels, Is.EqualTo(Numbers("fitted pixels, row 0").Concat(Numbers("fitted pixels, row 1"))));

        void Place(string name, int first) => Array.ConvertAll(Numbers(name), value => (short)value).CopyTo(distances, first);
    }

    [Test]
    public void The_plain_decoder_takes_the_example()
    {
        short[] means = new short[FittedLayout.Small.Count];
        sbyte[] exponents = [.. Enumerable.Repeat((sbyte)80, means.Length)];
        ReferenceDecoder decoder = new(Body, Width, Height, 0, (_, _) => (means, exponents));
        Assert.That(decoder.Grids, Has.Length.EqualTo(2));
        Assert.That(decoder.Grids[1].Cast<int>(), Is.EqualTo(Numbers("fitted grid 1")));
        Assert.That(decoder.Grids[0].Cast<int>(), Is.EqualTo(Numbers("fitted grid 0")));
        Assert.That(decoder.Pixels, Is.EqualTo(Numbers("fitted pixels, row 0").Concat(Numbers("fitted pixels, row 1"))));

        // The stream's beginning, to the filters: size 0, the rate, no groups 0 to 2, group 3.
        ReferenceRangeDecoder stream = new(Body);
        int[] spreadsAndSteps = Numbers("fitted spreads and steps");
        Assert.That(new[] { 2, 5, 4, 4, 4, 4, 4 }.Select(stream.Plain), Is.EqualTo(new[] { 0, Rate, 0, 0, 0, spreadsAndSteps[0], spreadsAndSteps[1] }));
        int scale = 36 + 80 - 8 * spreadsAndSteps[1] + 4 * (spreadsAndSteps[0] - 8);
        int[] filters = [.. Enumerable.Range(0, 24).Select(_ => stream.Value(0, 0, scale))];
        Assert.That(filters, Is.EqualTo(Numbers("fitted filter").Concat(new int[20])));
        Assert.That(new[] { 4, 4, 4 }.Select(stream.Plain), Is.EqualTo(new[] { 0, spreadsAndSteps[2], spreadsAndSteps[3] }));
    }

    private static byte[] Body => Convert.FromHexString(s_example.Text("fitted body").Replace(" ", "", StringComparison.Ordinal));

    private static int[] Numbers(string name) => s_example.Numbers(name);
}
