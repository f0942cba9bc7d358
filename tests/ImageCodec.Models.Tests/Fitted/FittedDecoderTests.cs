using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The decoder against the plain one.</summary>
internal sealed class FittedDecoderTests
{
    private const string Sides = "1x1 3x2 2x9 8x8 15x1 1x40 37x21 64x70 130x67 500x3 3x300 257x140 2060x7";

    [Test]
    public void Pictures_are_those_of_the_plain_decoder([Values(0, 1)] int size, [Values] Wildness wildness)
    {
        int changing = 0;
        foreach ((int width, int height, int seed) in Cases())
        {
            FittedSample sample = new(FittedLayout.All[size], width, height, seed, wildness);
            byte[] body = sample.Write(seed % IntegerBackend.All.Count);
            for (int scale = 0; scale <= FittedDecoder.MaxScale; scale++)
            {
                ReferenceDecoder expected = new(body, width, height, scale, Prior);
                changing += expected.Pixels.Distinct().Count() > 20 ? 1 : 0;
                for (int i = 0; i < IntegerBackend.All.Count; i++)
                {
                    RgbImage picture = FittedDecoder.Decode(body, width, height, scale, 1 + (seed + i) % 3, IntegerBackend.All[i]);
                    Assert.That(
                        picture.Pixels.SequenceEqual(expected.Pixels), $"{width}×{height}, seed {seed}, scale {scale}, {IntegerBackend.All[i].Lanes} lanes, number {i}");
                }
            }
        }

        // Or else nothing would have been compared.
        Assert.That(changing, Is.GreaterThan(8));
    }

    [Test]
    public void Latents_are_those_of_the_plain_decoder_and_of_the_writer([Values(0, 1)] int size, [Values] Wildness wildness)
    {
        foreach ((int width, int height, int seed) in Cases())
        {
            FittedSample sample = new(FittedLayout.All[size], width, height, seed, wildness);
            byte[] body = sample.Write();
            ReferenceDecoder expected = new(body, width, height, 0, Prior);
            (QuantizedNetwork network, IntegerGrids grids) = FittedBody.Read(body, width, height);
            Assert.That(network.Parameters.SequenceEqual(sample.Network.Parameters));
            for (int grid = 0; grid < grids.Count; grid++)
            {
                Assert.That(grids.Values(grid), Is.EqualTo(expected.Grids[grid].Cast<int>()), $"{width}×{height}, grid {grid}");
                Assert.That(grids.Values(grid), Is.EqualTo(sample.Grids.Values(grid)), $"{width}×{height}, grid {grid}");
            }
        }
    }

    [Test]
    public void The_beginning_of_a_body_is_enough_for_small_pictures()
    {
        FittedSample sample = new(FittedLayout.Small, 200, 150, seed: 4);
        byte[] body = sample.Write();
        for (int scale = 1; scale <= FittedDecoder.MaxScale; scale++)
        {
            // What is left out of the grids here is what these pictures do not need.
            IntegerGrids part = new(200, 150);
            for (int grid = scale; grid < part.Count; grid++)
            {
                sample.Grids.Values(grid).CopyTo(part.Values(grid), 0);
            }

            double bits = 100 + FittedRate.OfGrids(sample.Network, part).Sum() + Enumerable.Range(0, FittedLayout.GroupCount).Sum(sample.Network.Bits);
            byte[] beginning = body[..(int)(bits / 8)];
            Assert.That(beginning.Length, Is.LessThan(body.Length * 3 / 4));
            RgbImage picture = FittedDecoder.Decode(beginning, 200, 150, scale);
            Assert.That(picture.Width, Is.EqualTo((200 + (1 << scale) - 1) >> scale));
            Assert.That(picture.Pixels.SequenceEqual(FittedDecoder.Decode(body, 200, 150, scale).Pixels));
            Assert.That(picture.Pixels.SequenceEqual(IntegerSynthesis.Run(sample.Network, part, scale).Pixels));
        }
    }

    [Test]
    public void The_synthesis_alone_gives_the_same_picture([Values(1, 2, 5)] int maxThreads)
    {
        FittedSample sample = new(FittedLayout.Large, 130, 167, seed: 6);
        RgbImage decoded = FittedDecoder.Decode(sample.Write(), 130, 167, maxThreads: 1);
        Assert.That(IntegerSynthesis.Run(sample.Network, sample.Grids, 0, maxThreads).Pixels.SequenceEqual(decoded.Pixels));
    }

    [Test]
    public void Decoding_can_be_cancelled([Values(1, 3)] int maxThreads)
    {
        byte[] body = new FittedSample(FittedLayout.Small, 100, 100, seed: 1).Write();
        Assert.That(
            () => FittedDecoder.Decode(body, 100, 100, 0, maxThreads, cancellationToken: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(1500, 1000, 12)]
    [TestCase(1, 100_000, 32)]
    [TestCase(100_000, 1, 32)]
    public void Memory_goes_with_the_picture(int width, int height, int bytesPerPixel)
    {
        byte[] body = new FittedSample(FittedLayout.Small, width, height, seed: 1).Write();
        FittedDecoder.Decode(body, width, height, maxThreads: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FittedDecoder.Decode(body, width, height, maxThreads: 1);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / (width * (double)height), Is.LessThan(bytesPerPixel));
    }

    /// <summary>The plain decoder's prior: data, no code.</summary>
    public static (short[] Means, sbyte[] Exponents) Prior(int size, int rate)
    {
        FittedPrior prior = FittedPriors.Of(FittedLayout.All[size], rate);
        return ([.. prior.Means], [.. prior.Scales]);
    }

    private static IEnumerable<(int Width, int Height, int Seed)> Cases()
    {
        int seed = 0;
        foreach (int[] sides in Sides.Split(' ').Select(sides => sides.Split('x').Select(int.Parse).ToArray()))
        {
            // Of the small ones, several.
            for (int i = 0; i < (sides[0] * sides[1] < 1000 ? 4 : 1); i++)
            {
                yield return (sides[0], sides[1], seed++);
            }
        }
    }
}
