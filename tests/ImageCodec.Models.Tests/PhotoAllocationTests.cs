namespace ImageCodec.Models.Tests;

/// <summary>
/// The managed memory that the default model takes for a picture of 768×512 once it is warm: the file or the picture itself, what is coded, and little more.
/// Feature maps are native memory that is used again.
/// </summary>
public class PhotoAllocationTests
{
    private const int Width = 768;
    private const int Height = 512;

    private const int LatentPlaces = Width / 16 * (Height / 16);
    private const int HyperLatentPlaces = Width / 64 * (Height / 64);

    /// <summary>A value that is coded, and the index of its table.</summary>
    private const int BytesPerValue = sizeof(short) + sizeof(byte);

    /// <summary>The file twice, of 28 kB, and closures and tasks.</summary>
    private const int AllElse = 200_000;

    // One thread, so that all that is allocated is this thread's.
    private readonly ImageCompressor _compressor = ImageCompressor.LoadPretrained(maxThreads: 1);
    private readonly RgbImage _picture = DetailedPicture.Create(Width, Height);

    [OneTimeTearDown]
    public void Dispose() => _compressor.Dispose();

    [Test]
    public void Compressing_allocates_what_is_coded_and_the_file() =>
        Assert.That(
            Allocated(() => _compressor.Compress(_picture)),
            Is.LessThan(BytesPerValue * (320 * LatentPlaces + 64 * HyperLatentPlaces) + AllElse));

    [Test]
    public void Decompressing_allocates_the_picture_and_the_largest_part_that_is_coded_at_once()
    {
        byte[] file = _compressor.Compress(_picture);

        Assert.That(Allocated(() => _compressor.Decompress(file)), Is.LessThan(_picture.Pixels.Length + BytesPerValue * 224 * LatentPlaces / 2 + AllElse));
    }

    /// <summary>The bytes of a usual call: neither of the first one, nor of one after which a pool gave its memory back.</summary>
    private static long Allocated(Action run)
    {
        long[] allocated = new long[5];
        for (int i = 0; i < allocated.Length; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated.Order().ElementAt(allocated.Length / 2);
    }
}
