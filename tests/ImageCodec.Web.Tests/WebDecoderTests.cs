using ImageCodec.Models.Fitted;
using ImageCodec.Models.Tests.Fitted;
using ImageCodec.NeuralNetworks;
using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Web.Tests;

/// <summary>The decoder in <c>web/</c> against the library's.</summary>
internal sealed class WebDecoderTests
{
    private const int MaxPixelCount = 1 << 14;

    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained("fitted");

    public WebDecoderTests() => _compressor.MaxPixelCount = MaxPixelCount;

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [Test]
    public void Its_own_tests_pass() => NodeCommand.Run(["--test", .. Directory.GetFiles(NodeCommand.At("web", "test"), "*.test.js")]);

    [Test]
    public void Random_files_give_the_same_pixels()
    {
        const int Count = 1000;
        (byte[] File, int Scale)[] files = [.. Enumerable.Range(0, Count).Select(seed => (RandomFile.Create(_compressor.Fingerprint, seed, 110), 1 << seed / 6 % 4))];
        string[] lines = Decoded.ByScript(files, MaxPixelCount);
        Assert.That(lines, Has.Length.EqualTo(Count));
        for (int i = 0; i < Count; i++)
        {
            Assert.That(lines[i], Is.EqualTo(Decoded.ByLibrary(_compressor, files[i].File, files[i].Scale)), $"seed {i}, scale {files[i].Scale}");
        }
    }

    [Test]
    public void A_large_file_gives_the_same_pixels()
    {
        const int Width = 701;
        const int Height = 523;
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("fitted");
        byte[] large = IcdFile.Encode(compressor.Fingerprint, Width, Height, new FittedSample(FittedLayout.Large, Width, Height, 9, Wildness.LargeValues).Write());
        Assert.That(Decoded.ByScript([(large, 1), (large, 2)], ImageCompressor.DefaultMaxPixelCount), Is.EqualTo(new[] { 1, 2 }.Select(scale => Decoded.ByLibrary(compressor, large, scale))));
    }

    [Test]
    public void Damaged_files_are_refused_by_both_or_give_the_same_pixels()
    {
        const int Count = 4000;
        byte[][] sound = [.. Enumerable.Range(0, 60).Select(seed => RandomFile.Create(_compressor.Fingerprint, seed, 40))];
        (byte[] File, int Scale)[] files = [.. Enumerable.Range(0, Count).Select(i => (Damage(sound, i), 1 << i % 4))];
        string?[] expected = [.. files.Select(one => Decoded.ByLibrary(_compressor, one.File, one.Scale))];
        string[] lines = Decoded.ByScript(files, MaxPixelCount);
        Assert.That(lines, Has.Length.EqualTo(Count));
        for (int i = 0; i < Count; i++)
        {
            string message = $"file {i}, scale {files[i].Scale}: {Convert.ToHexString(files[i].File)}";
            if (expected[i] is { } line)
            {
                Assert.That(lines[i], Is.EqualTo(line), message);
            }
            else
            {
                Assert.That(lines[i], Does.Match("^(not-icd|unsupported-[a-z]+|damaged|too-large): ").And.Not.Contain("memory"), message);
            }
        }

        // Or else nothing would have been compared.
        int refused = expected.Count(line => line is null);
        TestContext.Out.WriteLine($"{refused} of {Count} are refused.");
        Assert.That(refused, Is.InRange(Count / 5, Count * 9 / 10));
    }

    /// <summary>Damage that checksums hide, mostly, as the library's own readers get it.</summary>
    private static byte[] Damage(byte[][] files, int number)
    {
        RandomSource random = new(17, number);
        Mutator mutator = new(random);
        byte[] input = files[random.Next(files.Length)];
        byte[] other = files[random.Next(files.Length)];
        return random.Next(10) switch
        {
            0 => mutator.Mutate(input, other),
            < 3 => DamageBox(input, other, mutator),
            _ => ContainerMutators.Icd(input, other, mutator),
        };
    }

    /// <summary>Damage to what a box holds; without boxes, to the body.</summary>
    private static byte[] DamageBox(byte[] input, byte[] other, Mutator mutator)
    {
        IcdFile icd = IcdFile.Read(input);
        if (icd.Boxes.Count == 0)
        {
            return IcdFile.Encode(icd.Fingerprint, icd.Width, icd.Height, mutator.Mutate(icd.Body.Span, other));
        }

        List<IcdBox> boxes = [.. icd.Boxes];
        int place = mutator.Next(boxes.Count);
        IcdBox box = boxes[place];
        boxes[place] = new IcdBox(box.Kind, mutator.Mutate(box.Payload.Span, other), box.IsCompressed);
        return IcdFile.Encode(icd.Fingerprint, icd.Width, icd.Height, boxes, icd.Body.Span);
    }
}
