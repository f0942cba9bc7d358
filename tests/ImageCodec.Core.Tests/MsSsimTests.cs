using System.Text.Json;

namespace ImageCodec.Tests;

public class MsSsimTests
{
    private static IEnumerable<TestCaseData> Cases => Fixture.Read("ms-ssim.json").EnumerateArray().Select(one => new TestCaseData(one)
        .SetArgDisplayNames($"{one.GetProperty("width")}×{one.GetProperty("height")}, {one.GetProperty("damage")}"));

    [TestCaseSource(nameof(Cases))]
    public void Equals_a_plain_implementation(JsonElement one)
    {
        int width = one.GetProperty("width").GetInt32();
        int height = one.GetProperty("height").GetInt32();
        RgbImage first = Create(width, height, "none");
        RgbImage second = Create(width, height, one.GetProperty("damage").GetString()!);
        double expected = one.GetProperty("msSsim").GetDouble();
        Assert.That(Metrics.MsSsim(first, second), Is.EqualTo(expected).Within(1e-10));
        Assert.That(Metrics.MsSsim(second, first), Is.EqualTo(expected).Within(1e-10), "the other way round");
        Assert.That(StructuralSimilarity.CountScales(Math.Min(width, height)), Is.EqualTo(one.GetProperty("scales").GetInt32()));
    }

    [TestCase(1, 1)]
    [TestCase(10, 1)]
    [TestCase(20, 1)]
    [TestCase(21, 2)]
    [TestCase(128, 4)]
    [TestCase(160, 4)]
    [TestCase(161, 5)]
    [TestCase(100_000, 5)]
    public void Small_pictures_have_fewer_scales(int side, int scales) => Assert.That(StructuralSimilarity.CountScales(side), Is.EqualTo(scales));

    [TestCase(1, 1)]
    [TestCase(3, 200)]
    [TestCase(64, 65)]
    [TestCase(180, 170)]
    public void Equal_pictures_have_one(int width, int height) =>
        Assert.That(Metrics.MsSsim(Create(width, height, "none"), Create(width, height, "none")), Is.EqualTo(1).Within(1e-12));

    [Test]
    public void Pictures_of_two_sizes_have_none() =>
        Assert.That(() => Metrics.MsSsim(new RgbImage(2, 3), new RgbImage(3, 2)), Throws.ArgumentException.With.Message.Contains("2×3").And.Message.Contains("3×2"));

    /// <summary>The pictures of Fixtures/ms_ssim.py.</summary>
    private static RgbImage Create(int width, int height, string damage)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int[] values = [7 * x + 3 * y, x * x / 9 + 5 * y, x * y / 7];
                for (int c = 0; c < 3; c++)
                {
                    int value = values[c] % 256;
                    value = damage switch
                    {
                        "noise" => value + (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 41 - 20,
                        "coarse" => value / 32 * 32 + 16,
                        "inverse" => 255 - value,
                        _ => value,
                    };
                    image.GetRow(y)[3 * x + c] = (byte)Math.Clamp(value, 0, 255);
                }
            }
        }

        return image;
    }
}
