namespace ImageCodec.Models.Tests;

/// <summary>
/// Large pictures of the default model, whose bytes and pixels are held (docs/compatibility.md says how long): several tiles of the networks, and as many values as the table coder's
/// interleaved states and widest kernels are for.
/// </summary>
public class LargeGoldenFileTests
{
    private static IEnumerable<LargeGoldenFile> Files => LargeGoldenFile.All;

    [TestCaseSource(nameof(Files))]
    public void A_large_picture_gives_its_golden_bytes_and_they_its_golden_pixels(object kept)
    {
        LargeGoldenFile golden = (LargeGoldenFile)kept;
        RgbImage picture = DetailedPicture.Create(golden.Width, golden.Height);
        Assert.That(GoldenFile.HashOf(picture), Is.EqualTo(golden.Source), "the rendered picture: a fault here is the test's own");

        byte[] file;
        using (ImageCompressor compressor = ImageCompressor.LoadPretrained(maxThreads: 3))
        {
            file = compressor.Compress(picture, golden.Options);
        }

        Assert.That((file.Length, LargeGoldenFile.HashOf(file)), Is.EqualTo((golden.Length, golden.File)), "the file");
        using ImageCompressor other = ImageCompressor.LoadPretrained(maxThreads: 1);
        Assert.That(GoldenFile.HashOf(other.Decompress(file)), Is.EqualTo(golden.Pixels), "the pixels");
    }

    /// <summary>What the golden files are there for.</summary>
    [Test]
    public void Golden_files_reach_all_states_and_several_tiles_with_whole_sides_and_odd_ones()
    {
        const int Tile = 768;

        // From so many values on the table coder has 32 states (docs/format.md).
        const int ManyValues = 1 << 21;
        LargeGoldenFile[] files = [.. Files.Where(file => ValueCount(file) >= ManyValues)];

        Assert.That(files.Count(file => file.Width > Tile && file.Height > Tile), Is.GreaterThanOrEqualTo(2));
        Assert.That(files.Any(file => file.Width % 64 == 0 && file.Height % 64 == 0), Is.True);
        Assert.That(files.Any(file => int.IsOddInteger(file.Width * file.Height)), Is.True);
    }

    /// <summary>320 values for each 16×16 pixels, and 64 for each 64×64.</summary>
    private static int ValueCount(LargeGoldenFile file) =>
        320 * Places(file.Width, 16) * Places(file.Height, 16) + 64 * Places(file.Width, 64) * Places(file.Height, 64);

    private static int Places(int side, int stride) => (side + stride - 1) / stride;
}
