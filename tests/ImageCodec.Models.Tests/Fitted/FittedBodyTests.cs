using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Tests.Fitted;

internal sealed class FittedBodyTests
{
    [Test]
    public void The_bits_of_the_parts_are_the_length([Values(0, 1)] int size, [Values] Wildness wildness)
    {
        FittedSample sample = new(FittedLayout.All[size], 130, 67, 8, wildness);
        double bits = sample.Network.TotalBits + FittedRate.OfGrids(sample.Network, sample.Grids).Sum();

        // The range coder's steps are coarse: a little is lost or gained with every decision.
        Assert.That(sample.Write(), Has.Length.EqualTo(bits / 8).Within(2 + bits / 8 * 0.004));
    }

    [Test]
    public void The_rate_is_the_same_on_all_threads_and_vectors()
    {
        FittedSample sample = new(FittedLayout.Large, 230, 267, 5);
        double[] bits = FittedRate.OfGrids(sample.Network, sample.Grids, 1);
        foreach (IntegerBackend backend in IntegerBackend.All)
        {
            Assert.That(FittedRate.OfGrids(sample.Network, sample.Grids, 3, backend), Is.EqualTo(bits));
        }
    }

    [Test]
    public void Grids_of_zeros_take_a_bit_each()
    {
        FittedSample sample = new(FittedLayout.Small, 300, 200, 1);
        IntegerGrids zero = new(300, 200);
        Assert.That(FittedRate.OfGrids(sample.Network, zero), Is.All.EqualTo(1));
    }

    [Test]
    public void A_byte_more_is_refused()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] body = new FittedSample(FittedLayout.Small, 20, 10, seed).Write();
            Assert.That(() => FittedDecoder.Decode(body, 20, 10), Throws.Nothing);

            // The range coder's end may need up to four bytes fewer than a decoder asks for.
            byte[] longer = [.. body, 0, 0, 0, 0, 0];
            Assert.That(() => FittedDecoder.Decode(longer, 20, 10), Throws.TypeOf<InvalidFileException>().With.Property("Format").EqualTo("ICD"));
            Assert.That(() => FittedDecoder.Decode(longer, 20, 10, scale: 1), Throws.Nothing);
        }
    }

    [Test]
    public void Changed_bodies_are_refused_as_by_the_plain_decoder_or_give_its_picture()
    {
        const int Trials = 4000;
        Random random = new(3);
        byte[][] bodies = [.. Enumerable.Range(0, 20).Select(seed => new FittedSample(FittedLayout.All[seed % 2], 13, 9, seed, (Wildness)(seed % 3)).Write())];
        int refused = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            byte[] body = Mutate(bodies[trial % bodies.Length], random);
            byte[]? expected = Expected(body, 13, 9);
            try
            {
                RgbImage picture = FittedDecoder.Decode(body, 13, 9, 0, 1 + trial % 2, IntegerBackend.All[trial % IntegerBackend.All.Count]);
                Assert.That(expected is not null && picture.Pixels.SequenceEqual(expected), $"trial {trial}");
            }
            catch (InvalidFileException)
            {
                Assert.That(expected, Is.Null, $"trial {trial}");
                refused++;
            }
        }

        Assert.That(refused, Is.InRange(Trials / 20, Trials * 19 / 20));
    }

    private static byte[]? Expected(byte[] body, int width, int height)
    {
        try
        {
            return new ReferenceDecoder(body, width, height, 0, FittedDecoderTests.Prior).Pixels;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return body[..random.Next(body.Length)];
            case 1:
                return [.. body, .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (byte)random.Next(256))];
            case 2:
                byte[] noise = new byte[random.Next(300)];
                random.NextBytes(noise);
                return noise;
            default:
                byte[] changed = [.. body];
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    // Near the beginning more often: there the networks stand.
                    int at = random.Next(2) == 0 ? random.Next(changed.Length) : random.Next(Math.Min(40, changed.Length));
                    changed[at] ^= (byte)(1 << random.Next(8));
                }

                return changed;
        }
    }
}
