using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.Metadata.Profiles.Icc;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;
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
    public void Alpha_goes_there_and_back()
    {
        using Image<Rgba32> image = TestPicture.CreateImageSharp<Rgba32>(64, 40);
        for (int x = 0; x < 64; x++)
        {
            image[x, 5] = image[x, 5] with { A = (byte)(4 * x) };
        }

        RgbImage picture = image.ToRgbImage();

        Assert.That(picture.Alpha.Slice(5 * 64, 64).ToArray(), Is.EqualTo(Enumerable.Range(0, 64).Select(x => (byte)(4 * x))));
        Assert.That(picture.Alpha[..(5 * 64)].ContainsAnyExcept((byte)255), Is.False);
        Assert.That(picture.Pixels.SequenceEqual(TestPicture.Create(64, 40).Pixels), Is.True);
        using Image<Rgba32> back = picture.ToImageSharp<Rgba32>();
        byte[] expected = new byte[4 * 64 * 40];
        byte[] actual = new byte[4 * 64 * 40];
        image.CopyPixelDataTo(expected);
        back.CopyPixelDataTo(actual);
        Assert.That(actual, Is.EqualTo(expected));
        using Image<Rgba64> deep = image.CloneAs<Rgba64>();
        Assert.That(deep.ToRgbImage().Alpha.SequenceEqual(picture.Alpha), Is.True);
    }

    [Test]
    public void Opaque_pixels_make_no_alpha_channel()
    {
        using Image<Rgba32> image = TestPicture.CreateImageSharp<Rgba32>(20, 10);
        Assert.That(image.ToRgbImage().HasAlpha, Is.False);
    }

    [Test]
    public void Profiles_go_there_and_back()
    {
        using Image<Rgb24> image = TestPicture.CreateImageSharp<Rgb24>(20, 10);
        byte[] icc = new byte[200];
        (icc[3], icc[16], icc[17], icc[18], icc[19]) = (200, (byte)'R', (byte)'G', (byte)'B', (byte)' ');
        "acsp"u8.CopyTo(icc.AsSpan(36));
        byte[] xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"u8.ToArray();
        image.Metadata.IccProfile = new IccProfile(icc);
        image.Metadata.XmpProfile = new XmpProfile(xmp);
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Make, "Camera");

        RgbImage picture = image.ToRgbImage();
        using Image<Rgb24> back = picture.ToImageSharp<Rgb24>();

        Assert.That(picture.Metadata.IccProfile.ToArray(), Is.EqualTo(icc));
        Assert.That(picture.Metadata.Xmp.ToArray(), Is.EqualTo(xmp));
        Assert.That(picture.Metadata.Exif.Span[..2].ToArray(), Is.EqualTo("II"u8.ToArray()).Or.EqualTo("MM"u8.ToArray()));
        Assert.That(back.Metadata.IccProfile!.ToByteArray(), Is.EqualTo(icc));
        Assert.That(back.Metadata.XmpProfile!.ToByteArray(), Is.EqualTo(xmp));
        Assert.That(back.Metadata.ExifProfile!.GetValue(ExifTag.Make).Value, Is.EqualTo("Camera"));
    }

    [Test]
    public void A_picture_that_lies_on_its_side_is_turned_once()
    {
        using Image<Rgb24> image = TestPicture.CreateImageSharp<Rgb24>(20, 10);
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);

        RgbImage picture = image.ToRgbImage();

        // Row 0 of what is stored becomes the right column.
        Assert.That((picture.Width, picture.Height), Is.EqualTo((10, 20)));
        Assert.That(picture.GetRow(0)[^3..].ToArray(), Is.EqualTo(TestPicture.Create(20, 10).GetRow(0)[..3].ToArray()));
        using Image<Rgb24> back = picture.ToImageSharp<Rgb24>();
        Assert.That(back.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value, Is.Null.Or.EqualTo(1));
    }

    [Test]
    public void Grey_is_marked()
    {
        using Image<L8> grey = new(4, 4, new L8(90));
        Assert.That(grey.ToRgbImage().IsGrey, Is.True);
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
