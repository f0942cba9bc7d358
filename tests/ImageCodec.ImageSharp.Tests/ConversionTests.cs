using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>Pixels from ImageSharp and to it, against pixels set and read one by one.</summary>
public class ConversionTests
{
    [TestCase(1, 1)]
    [TestCase(7, 1)]
    [TestCase(1, 7)]
    [TestCase(70, 50)]
    public void Pixels_stay_as_they_are_both_ways(int width, int height)
    {
        CheckBothWays<Rgb24>(width, height);
        CheckBothWays<Rgba32>(width, height);
        CheckBothWays<Bgr24>(width, height);
        CheckBothWays<Bgra32>(width, height);
        CheckBothWays<Argb32>(width, height);
        CheckBothWays<Rgba64>(width, height);
        CheckBothWays<RgbaVector>(width, height);
    }

    [Test]
    public void Pictures_in_several_pieces_of_memory_are_taken_and_made()
    {
        using Image<Rgb24> opaque = TestPicture.CreateImageSharp<Rgb24>(1500, 1100);
        using Image<Rgba32> withAlpha = TestPicture.CreateImageSharp<Rgba32>(1500, 1100);
        RgbImage picture = TestPicture.Create(1500, 1100);
        using Image<Rgb24> made = picture.ToImageSharp<Rgb24>();
        Assert.That(opaque.DangerousTryGetSinglePixelMemory(out _), Is.False, "else this tests nothing");
        Assert.That(withAlpha.DangerousTryGetSinglePixelMemory(out _), Is.False);
        Assert.That(made.DangerousTryGetSinglePixelMemory(out _), Is.False);

        Assert.That(opaque.ToRgbImage().Pixels.SequenceEqual(picture.Pixels));
        Assert.That(withAlpha.ToRgbImage().Pixels.SequenceEqual(picture.Pixels));
        Assert.That(TestPicture.Pixels(made).AsSpan().SequenceEqual(picture.Pixels));
    }

    [Test]
    public void Pictures_in_one_piece_of_memory_are_taken_and_made()
    {
        Configuration contiguous = Configuration.Default.Clone();
        contiguous.PreferContiguousImageBuffers = true;
        RgbImage picture = TestPicture.Create(1500, 1100);
        using Image<Rgb24> made = picture.ToImageSharp<Rgb24>(contiguous);

        Assert.That(made.DangerousTryGetSinglePixelMemory(out _));
        Assert.That(made.GetConfiguration(), Is.SameAs(contiguous));
        Assert.That(made.ToRgbImage().Pixels.SequenceEqual(picture.Pixels));
    }

    [Test]
    public void A_part_of_a_picture_is_taken()
    {
        using Image<Rgba32> whole = TestPicture.CreateImageSharp<Rgba32>(90, 60);
        using Image<Rgba32> part = whole.Clone(context => context.Crop(new Rectangle(11, 13, 37, 29)));
        RgbImage picture = part.ToRgbImage();

        RgbImage all = TestPicture.Create(90, 60);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((37, 29)));
        for (int y = 0; y < picture.Height; y++)
        {
            Assert.That(picture.GetRow(y).ToArray(), Is.EqualTo(all.GetRow(13 + y).Slice(3 * 11, 3 * 37).ToArray()));
        }
    }

    [Test]
    public void The_first_frame_is_taken()
    {
        using Image<Rgb24> animation = new(8, 8, new Rgb24(1, 2, 3));
        using Image<Rgb24> second = new(8, 8, new Rgb24(4, 5, 6));
        animation.Frames.AddFrame(second.Frames.RootFrame);

        Assert.That(animation.ToRgbImage().Pixels[..3].ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Alpha_is_refused_and_the_pixel_named()
    {
        using Image<Rgba32> image = TestPicture.CreateImageSharp<Rgba32>(20, 10);
        image[13, 7] = new Rgba32(1, 2, 3, 254);

        Assert.That(() => image.ToRgbImage(), Throws.ArgumentException.With.Message.Contains("(13, 7)").And.Message.Contains("254"));
        using Image<Bgra32> other = image.CloneAs<Bgra32>();
        Assert.That(() => other.ToRgbImage(), Throws.ArgumentException.With.Message.Contains("(13, 7)"));
    }

    [Test]
    public void Alpha_is_laid_over_a_background_as_elsewhere()
    {
        using Image<Rgba32> image = TestPicture.CreateImageSharp<Rgba32>(64, 40);
        for (int x = 0; x < 64; x++)
        {
            image[x, 5] = image[x, 5] with { A = (byte)(4 * x) };
            image[x, 20] = image[x, 20] with { A = 0 };
        }

        RgbColor background = new(200, 100, 50);
        byte[] rgba = new byte[4 * 64 * 40];
        image.CopyPixelDataTo(rgba);
        byte[] expected = RgbImage.FromPixels(64, 40, rgba, PixelLayout.Rgba32, background: background).Pixels.ToArray();

        Assert.That(image.ToRgbImage(background).Pixels.ToArray(), Is.EqualTo(expected));
        Assert.That(expected.AsSpan(3 * 64 * 20, 3).ToArray(), Is.EqualTo(new byte[] { 200, 100, 50 }));
        using Image<Rgba64> deep = image.CloneAs<Rgba64>();
        Assert.That(deep.ToRgbImage(background).Pixels.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Nothing_is_allocated_but_the_picture()
    {
        using Image<Rgb24> opaque = TestPicture.CreateImageSharp<Rgb24>(400, 300);
        using Image<Rgba32> withAlpha = TestPicture.CreateImageSharp<Rgba32>(400, 300);

        Assert.That(Allocated(() => opaque.ToRgbImage()), Is.LessThan(3 * 400 * 300 + 2000));
        Assert.That(Allocated(() => withAlpha.ToRgbImage()), Is.LessThan(3 * 400 * 300 + 2000));
    }

    [Test]
    public void Memory_beyond_ImageSharps_limit_is_refused()
    {
        Configuration small = Configuration.Default.Clone();
        small.MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 1 });

        Assert.That(() => new RgbImage(1000, 1000).ToImageSharp<Rgba32>(small), Throws.InstanceOf<InvalidMemoryOperationException>());
    }

    [Test]
    public void Callers_mistakes_are_told()
    {
        Assert.That(() => ((Image<Rgb24>)null!).ToRgbImage(), Throws.ArgumentNullException);
        Assert.That(() => ((RgbImage)null!).ToImageSharp<Rgb24>(), Throws.ArgumentNullException);
        Image<Rgb24> disposed = new(3, 2);
        disposed.Dispose();
        Assert.That(() => disposed.ToRgbImage(), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void CheckBothWays<TPixel>(int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        RgbImage picture = TestPicture.Create(width, height);
        using Image<TPixel> image = TestPicture.CreateImageSharp<TPixel>(width, height);
        Assert.That(image.ToRgbImage().Pixels.ToArray(), Is.EqualTo(picture.Pixels.ToArray()), typeof(TPixel).Name);

        using Image<TPixel> made = picture.ToImageSharp<TPixel>();
        Assert.That(TestPicture.Pixels(made), Is.EqualTo(picture.Pixels.ToArray()), typeof(TPixel).Name);
        Assert.That((made.Frames.Count, made.Width, made.Height), Is.EqualTo((1, width, height)));
        Rgba32 pixel = default;
        made[width - 1, height - 1].ToRgba32(ref pixel);
        Assert.That(pixel.A, Is.EqualTo(255));
    }

    private static long Allocated(Func<RgbImage> work)
    {
        work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
