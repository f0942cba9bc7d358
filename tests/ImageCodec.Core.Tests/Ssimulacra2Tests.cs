using System.Globalization;
using System.Text.Json;

namespace ImageCodec.Tests;

public class Ssimulacra2Tests
{
    /// <summary>Wider pictures are turned, which rounds otherwise.</summary>
    private const int WidestAsItIs = 65535;

    private static IEnumerable<TestCaseData> Cases => Fixture.Read("ssimulacra2.json").EnumerateArray().Select(one => new TestCaseData(one)
        .SetArgDisplayNames($"{one.GetProperty("width")}×{one.GetProperty("height")}, {one.GetProperty("damage")}"));

    [TestCaseSource(nameof(Cases))]
    public void Equals_the_reference_program(JsonElement one)
    {
        int width = one.GetProperty("width").GetInt32();
        int height = one.GetProperty("height").GetInt32();
        RgbImage original = Create(width, height, "none");
        RgbImage restored = Create(width, height, one.GetProperty("damage").GetString()!);
        Assert.That(Metrics.Ssimulacra2(original, restored), Is.EqualTo(one.GetProperty("score").GetDouble()).Within(1e-5));
        Assert.That(Metrics.Ssimulacra2(restored, original), Is.EqualTo(one.GetProperty("swappedScore").GetDouble()).Within(1e-5), "the other way round");
    }

    [TestCase(8, 2)]
    [TestCase(15, 3)]
    [TestCase(56, 4)]
    [TestCase(57, 5)]
    [TestCase(112, 5)]
    [TestCase(113, 6)]
    [TestCase(100_000, 6)]
    public void Small_pictures_have_fewer_scales(int side, int scales) => Assert.That(Ssimulacra2Engine.CountScales(side), Is.EqualTo(scales));

    [TestCase(1, 1)]
    [TestCase(3, 200)]
    [TestCase(64, 65)]
    [TestCase(180, 170)]
    public void Equal_pictures_have_one_hundred(int width, int height) =>
        Assert.That(Metrics.Ssimulacra2(Create(width, height, "coarse"), Create(width, height, "coarse")), Is.EqualTo(100));

    [Test]
    public void One_level_in_one_pixel_is_less()
    {
        RgbImage restored = Create(40, 30, "none");
        restored.Pixels[1000] ^= 1;
        Assert.That(Metrics.Ssimulacra2(Create(40, 30, "none"), restored), Is.LessThan(100).And.GreaterThan(98));
    }

    [Test]
    public void More_damage_has_lower_scores()
    {
        RgbImage original = Create(150, 128, "none");
        double[] scores = [.. new[] { "faint", "coarse", "noise", "inverse" }.Select(damage => Metrics.Ssimulacra2(original, Create(150, 128, damage)))];
        Assert.That(scores, Is.Ordered.Descending);
        Assert.That(scores, Is.Unique);
    }

    /// <summary>Blurring is worse than sharpening: the second picture is not judged like the first.</summary>
    [Test]
    public void The_order_of_the_pictures_matters()
    {
        RgbImage sharp = Create(131, 117, "none");
        RgbImage blurred = Create(131, 117, "blurred");
        Assert.That(Metrics.Ssimulacra2(sharp, blurred), Is.Not.EqualTo(Metrics.Ssimulacra2(blurred, sharp)).Within(0.1));
    }

    [TestCase(150, 128)]
    [TestCase(1, 300)]
    public void Turning_both_changes_little(int width, int height)
    {
        double score = Metrics.Ssimulacra2(Create(width, height, "none"), Create(width, height, "noise"));
        Assert.That(Metrics.Ssimulacra2(Turn(Create(width, height, "none")), Turn(Create(width, height, "noise"))), Is.EqualTo(score).Within(0.1));
    }

    [Test]
    public void Very_wide_pictures_are_measured_turned()
    {
        RgbImage original = Create(WidestAsItIs + 1, 9, "none");
        RgbImage restored = Create(WidestAsItIs + 1, 9, "coarse");
        Assert.That(Metrics.Ssimulacra2(original, restored), Is.EqualTo(Metrics.Ssimulacra2(Turn(original), Turn(restored))));
    }

    [Test]
    public void Alpha_is_ignored()
    {
        RgbImage original = Create(20, 20, "none");
        RgbImage restored = Create(20, 20, "coarse");
        double score = Metrics.Ssimulacra2(original, restored);
        original.AddAlpha().Fill(100);
        restored.AddAlpha()[7] = 0;
        Assert.That(Metrics.Ssimulacra2(original, restored), Is.EqualTo(score));
    }

    [Test]
    public void Many_threads_at_once_get_the_same()
    {
        RgbImage original = Create(257, 130, "none");
        RgbImage restored = Create(257, 130, "noise");
        double alone = Metrics.Ssimulacra2(original, restored);
        double[] scores = new double[8];
        Parallel.For(0, scores.Length, i => scores[i] = Metrics.Ssimulacra2(original, restored));
        Assert.That(scores, Is.All.EqualTo(alone));
    }

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableHWIntrinsic")]
    public void Every_vector_width_gives_the_same(string switchedOff) =>
        Assert.That(ChildProcess.Run(nameof(Child_writes_its_bits), switchedOff), Is.EqualTo(Bits()));

    /// <summary>The other process's part; on its own it says nothing.</summary>
    [Test]
    public void Child_writes_its_bits() => ChildProcess.Answer(Bits);

    [Test]
    public void Pictures_of_two_sizes_have_none()
    {
        Assert.That(
            () => Metrics.Ssimulacra2(new RgbImage(2, 3), new RgbImage(3, 2)),
            Throws.ArgumentException.With.Message.Contains("2×3").And.Message.Contains("3×2").And.Property("ParamName").EqualTo("restored"));
        Assert.That(() => Metrics.Ssimulacra2(null!, new RgbImage(1, 1)), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("original"));
        Assert.That(() => Metrics.Ssimulacra2(new RgbImage(1, 1), null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("restored"));
    }

    private static string Bits() => string.Join(' ', new[] { (7, 9), (40, 31), (131, 117) }.Select(size => BitConverter.DoubleToInt64Bits(
        Ssimulacra2Engine.Difference(Create(size.Item1, size.Item2, "none"), Create(size.Item1, size.Item2, "noise"))).ToString("X16", CultureInfo.InvariantCulture)));

    private static RgbImage Turn(RgbImage image)
    {
        RgbImage turned = new(image.Height, image.Width);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                image.GetRow(y).Slice(3 * x, 3).CopyTo(turned.GetRow(x)[(3 * y)..]);
            }
        }

        return turned;
    }

    /// <summary>The pictures of Fixtures/ssimulacra2.py.</summary>
    private static RgbImage Create(int width, int height, string damage)
    {
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    int value = Original(x, y, c);
                    value = damage switch
                    {
                        "noise" => value + (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 41 - 20,
                        "faint" => value + (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 5 - 2,
                        "coarse" => value / 16 * 16 + 8,
                        "blurred" => (Original(Math.Max(x - 1, 0), y, c) + 2 * value + Original(x + 1, y, c)) / 4,
                        "blocks" => Original(x / 8 * 8, y / 8 * 8, c),
                        "inverse" => 255 - value,
                        _ => value,
                    };
                    image.GetRow(y)[3 * x + c] = (byte)Math.Clamp(value, 0, 255);
                }
            }
        }

        return image;
    }

    private static int Original(int x, int y, int c)
    {
        int value = c switch
        {
            0 => 3 * x + 2 * y,
            1 => 2 * x + x * y / 16,
            _ => (x * x + y * y) / 24 + 5 * y,
        };
        value %= 510;
        return value > 255 ? 510 - value : value;
    }
}
