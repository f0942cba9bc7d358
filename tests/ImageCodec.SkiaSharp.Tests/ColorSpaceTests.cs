using System.Buffers.Binary;
using SkiaSharp;

namespace ImageCodec.Skia.Tests;

/// <summary>What colours mean, there and back.</summary>
public sealed class ColorSpaceTests
{
    /// <summary>The primaries of Display P3 as XYZ, brought to the white point of profiles, as the profiles of that name have them.</summary>
    private static readonly (string Tag, double X, double Y, double Z)[] s_displayP3 = [("rXYZ", 0.5151, 0.2412, -0.0011), ("gXYZ", 0.2920, 0.6922, 0.0419), ("bXYZ", 0.1571, 0.0666, 0.7841)];

    private static SKColorSpace DisplayP3 => SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);

    [Test]
    public void A_colour_space_becomes_a_profile_and_pixels_stay()
    {
        using SKBitmap bitmap = new(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul, DisplayP3));
        ((byte[])[200, 100, 50, 70]).CopyTo(bitmap.GetPixelSpan());
        RgbImage image = bitmap.ToRgbImage();

        Assert.That((image.Pixels.ToArray(), image.Alpha[0]), Is.EqualTo((new byte[] { 200, 100, 50 }, 70)));
        byte[] icc = image.Metadata.IccProfile.ToArray();
        foreach ((string tag, double x, double y, double z) in s_displayP3)
        {
            Assert.That(ReadXyz(icc, tag), Is.EqualTo(new[] { x, y, z }).Within(0.001), tag);
        }

        // And the profile becomes that space again.
        using SKBitmap back = image.ToSKBitmap();
        AssertIsDisplayP3(back.ColorSpace);
    }

    [Test]
    public void Srgb_and_nothing_need_no_profile()
    {
        foreach (SKColorSpace? space in (SKColorSpace?[])[null, SKColorSpace.CreateSrgb()])
        {
            using SKBitmap bitmap = new(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Premul, space));
            Assert.That(bitmap.ToRgbImage().Metadata.IsEmpty);
        }

        using SKBitmap plain = new RgbImage(1, 1).ToSKBitmap();
        Assert.That(plain.ColorSpace.IsSrgb);
    }

    [Test]
    public void Premultiplied_pixels_keep_their_space_too()
    {
        using SKBitmap bitmap = new(new SKImageInfo(1, 1, SKColorType.Bgra8888, SKAlphaType.Premul, DisplayP3));
        ((byte[])[60, 40, 20, 102]).CopyTo(bitmap.GetPixelSpan());
        Assert.That(bitmap.ToRgbImage().Pixels.ToArray(), Is.EqualTo(new byte[] { 50, 100, 150 }));
    }

    [Test]
    public void Code_points_come_first_and_then_the_profile_and_then_gamma()
    {
        PictureMetadata points = new() { CodePoints = new ColorCodePoints(12, 13, 0, true), Gamma = 100_000 };
        AssertIsDisplayP3(SpaceOf(points));

        SKColorSpace linear = SpaceOf(new PictureMetadata { Gamma = 100_000 })!;
        Assert.That((linear.GammaIsLinear, linear.ToColorSpaceXyz().Values[0]), Is.EqualTo((true, SKColorSpaceXyz.Srgb.Values[0])));
        SKColorSpace older = SpaceOf(new PictureMetadata { Gamma = 55_556 })!;
        Assert.That(older.GetNumericalTransferFunction().G, Is.EqualTo(1.8).Within(0.001));

        using SKBitmap wide = new(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, DisplayP3));
        ReadOnlyMemory<byte> profile = wide.ToRgbImage().Metadata.IccProfile;
        AssertIsDisplayP3(SpaceOf(new PictureMetadata { IccProfile = profile, Gamma = 100_000 }));
    }

    [Test]
    public void What_skia_does_not_know_gives_no_space()
    {
        Assert.That(SpaceOf(new PictureMetadata { IccProfile = Imaging.Tests.Profiles.Icc("RGB ") }), Is.Null);
        Assert.That(SpaceOf(new PictureMetadata { IccProfile = new byte[3] }), Is.Null);
        Assert.That(SpaceOf(new PictureMetadata { CodePoints = new ColorCodePoints(99, 99, 0, true) }), Is.Null);
        Assert.That(SpaceOf(new PictureMetadata { CodePoints = new ColorCodePoints(9, 16, 0, false) }), Is.Null);
    }

    [TestCase(9, 16)]
    [TestCase(9, 18)]
    [TestCase(1, 8)]
    public void Spaces_come_back_from_the_profile_as_they_were(byte primaries, byte transfer)
    {
        RgbImage image = new(1, 1, [10, 200, 90]) { Metadata = new PictureMetadata { CodePoints = new ColorCodePoints(primaries, transfer, 0, true) } };
        using SKBitmap bitmap = image.ToSKBitmap();
        RgbImage back = bitmap.ToRgbImage();
        using SKBitmap again = back.ToSKBitmap();

        Assert.That(back.Pixels.ToArray(), Is.EqualTo(image.Pixels.ToArray()));
        Assert.That(SKColorSpace.Equal(again.ColorSpace, bitmap.ColorSpace));
    }

    /// <summary>0.0331 of the light is 0.2 in sRGB: ((0.2 + 0.055) / 1.055)^2.4.</summary>
    [Test]
    public unsafe void Linear_floats_are_given_the_transfer_function_of_srgb()
    {
        float[] pixel = [0.0331f, 0.0331f, 1, 1];
        fixed (float* start = pixel)
        {
            using SKPixmap pixels = new(new SKImageInfo(1, 1, SKColorType.RgbaF32, SKAlphaType.Unpremul, SKColorSpace.CreateSrgbLinear()), (nint)start, 16);
            RgbImage image = pixels.ToRgbImage();
            Assert.That((image.Pixels.ToArray(), image.Metadata.IsEmpty), Is.EqualTo((new byte[] { 51, 51, 255 }, true)));
        }
    }

    private static SKColorSpace? SpaceOf(PictureMetadata metadata)
    {
        RgbImage image = new(1, 1) { Metadata = metadata };
        using SKBitmap bitmap = image.ToSKBitmap();
        return bitmap.ColorSpace;
    }

    private static void AssertIsDisplayP3(SKColorSpace? space)
    {
        Assert.That(space, Is.Not.Null);
        Assert.That(space!.ToColorSpaceXyz().Values, Is.EqualTo(SKColorSpaceXyz.DisplayP3.Values).Within(0.001));
        Assert.That(space.GammaIsCloseToSrgb);
    }

    /// <summary>Finds a tag of a profile: names, places and lengths stand behind its head of 128 bytes; numbers have 16 bits behind the point.</summary>
    private static double[] ReadXyz(byte[] icc, string tag)
    {
        int count = BinaryPrimitives.ReadInt32BigEndian(icc.AsSpan(128));
        int entry = Enumerable.Range(0, count).Select(i => 132 + 12 * i).Single(at => System.Text.Encoding.ASCII.GetString(icc, at, 4) == tag);
        int place = BinaryPrimitives.ReadInt32BigEndian(icc.AsSpan(entry + 4));
        return [.. Enumerable.Range(0, 3).Select(i => BinaryPrimitives.ReadInt32BigEndian(icc.AsSpan(place + 8 + 4 * i)) / 65536.0)];
    }
}
