using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

public class PictureSetTests
{
    [Test]
    public void Every_so_manyth_picture_in_ordinal_order_is_for_validation()
    {
        using TemporaryFolder folder = new();
        string[] names = ["B.png", "a.png", "10.png", "2.jpg", "c.ppm"];
        for (int i = 0; i < names.Length; i++)
        {
            ImageFile.Write(folder.File(names[i]), new RgbImage(i + 1, 1));
        }

        File.WriteAllText(folder.File("notes.txt"), "no picture");
        PictureSet set = PictureSet.Read([new PictureFolder(folder.Path, 2)]);

        // Ordinal: 10, 2, B, a, c.
        Assert.That(set.Validation.Select(image => names[image.Width - 1]), Is.EqualTo(new[] { "10.png", "B.png", "c.ppm" }));
        Assert.That(set.Training.Select(image => names[image.Width - 1]), Is.EqualTo(new[] { "2.jpg", "a.png" }));
    }

    [Test]
    public void All_bad_pictures_are_named_at_once_or_left_out_without_moving_the_others()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
        {
            ImageFile.Write(folder.File($"{i}.png"), new RgbImage(i + 1, 1));
        }

        File.WriteAllBytes(folder.File("1.png"), [1, 2, 3]);
        File.WriteAllBytes(folder.File("4.png"), File.ReadAllBytes(folder.File("4.png"))[..20]);
        PictureFolder[] folders = [new PictureFolder(folder.Path, 2)];

        InvalidFileException e = Assert.Throws<InvalidFileException>(() => PictureSet.Read(folders));
        Assert.That(e.Message, Does.Contain("2 can't be read").And.Contain("1.png").And.Contain("4.png"));

        List<string> warnings = [];
        PictureSet set = PictureSet.Read(folders, skipUnreadable: true, new Listener(warnings.Add));
        Assert.That(set.Validation.Select(image => image.Width), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(set.Training.Select(image => image.Width), Is.EqualTo(new[] { 4, 6 }));
        Assert.That(warnings, Has.Count.EqualTo(2).And.Some.Contains("1.png").And.Some.Contains("4.png"));
    }

    [Test]
    public void Without_a_picture_to_train_on_or_to_validate_with_a_folder_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("0.png"), [1, 2, 3]);
        ImageFile.Write(folder.File("1.png"), new RgbImage(1, 1));
        Assert.That(
            () => PictureSet.Read([new PictureFolder(folder.Path, 2)], skipUnreadable: true), Throws.ArgumentException.With.Message.Contains("0 to validate with"));
    }

    [Test]
    public void A_crop_is_a_piece_of_the_picture_or_its_mirror_image_with_its_edges_drawn_out()
    {
        const int Side = 8;
        RgbImage image = TestPictures.Create(13, 9, 4);
        int mirrored = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            float[] crop = new float[Side * Side * 3];
            PictureCrop.Take(image, Side, margin: 3, mayMirror: true, new RandomSource(seed), crop);
            var places =
                from top in Enumerable.Range(-3, 8)
                from left in Enumerable.Range(-3, 12)
                from mirror in new[] { false, true }
                where Equals(image, crop, Side, top, left, mirror)
                select mirror;
            bool[] found = [.. places];
            Assert.That(found, Is.Not.Empty, $"seed {seed}");
            mirrored += found[0] ? 1 : 0;
        }

        Assert.That(mirrored, Is.InRange(10, 40));
    }

    [Test]
    public void A_picture_smaller_than_the_crop_is_drawn_out()
    {
        RgbImage image = new(1, 1, [10, 20, 30]);
        float[] crop = new float[4 * 4 * 3];
        PictureCrop.Take(image, 4, margin: 0, mayMirror: false, new RandomSource(0), crop);
        Assert.That(crop.Chunk(3), Is.All.EqualTo(new[] { 10 / 255f, 20 / 255f, 30 / 255f }));
    }

    [Test]
    public void A_scaled_crop_of_half_the_size_is_made_of_means_of_four_pixels()
    {
        RgbImage image = TestPictures.Create(16, 16, 2);
        float[] half = new float[8 * 8 * 3];
        foreach (bool mirror in new[] { false, true })
        {
            AreaScaling.Run(image, 0, 0, 2, 8, mirror, half);
            for (int i = 0; i < half.Length; i++)
            {
                (int y, int x, int c) = (i / 24, i / 3 % 8, i % 3);
                int column = 6 * (mirror ? 7 - x : x) + c;
                double sum = image.GetRow(2 * y)[column] + image.GetRow(2 * y)[column + 3] + image.GetRow(2 * y + 1)[column] + image.GetRow(2 * y + 1)[column + 3];
                Assert.That(half[i], Is.EqualTo(sum / 4 / 255).Within(1e-6));
            }
        }
    }

    [Test]
    public void A_scaled_crop_keeps_the_mean_of_what_it_shows_and_stays_inside()
    {
        // A ramp: the mean of a piece tells where it was, its slope how much smaller it has become.
        RgbImage image = new(200, 200);
        for (int y = 0; y < 200; y++)
        {
            for (int x = 0; x < 600; x++)
            {
                image.GetRow(y)[x] = (byte)(x / 3);
            }
        }

        const int Side = 100;
        HashSet<int> slopes = [];
        float[] crop = new float[Side * Side * 3];
        for (int seed = 0; seed < 40; seed++)
        {
            PictureSet.ScaledCrop(image, Side, margin: 0, new RandomSource(seed), crop);
            float first = crop[0] * 255;
            float last = crop[3 * (Side - 1)] * 255;
            float step = Math.Abs(last - first) / (Side - 1);
            Assert.That(step, Is.InRange(0.99, 2.01));
            Assert.That(crop.Max() * 255, Is.LessThan(200));
            Assert.That(crop[3 * (Side / 2)] * 255, Is.EqualTo((first + last) / 2).Within(2));
            slopes.Add((int)(step * 10));
        }

        Assert.That(slopes, Has.Count.GreaterThan(5));
    }

    [Test]
    public void A_mixed_picture_is_made_of_the_two_and_scaled_alike_everywhere()
    {
        const int Side = 8;
        HashSet<string> kinds = [];
        for (int seed = 0; seed < 60; seed++)
        {
            // Two flat pictures: what is left of the first can be read off every pixel.
            float[] crop = [.. Enumerable.Range(0, Side * Side).SelectMany(_ => new[] { 0.8f, 0.8f, 0.8f })];
            float[] other = [.. crop.Select(_ => 0.4f)];
            PictureSet.Mix(crop, other, Side, new RandomSource(seed));

            float[] red = [.. crop.Where((_, i) => i % 3 == 0)];
            Assert.That(red, Is.All.InRange(0.75f * 0.9f * 0.4f, 0.8f));
            float[] green = [.. crop.Where((_, i) => i % 3 == 1)];
            Assert.That(red.Zip(green, (r, g) => r / g), Is.All.EqualTo(red[0] / green[0]).Within(1e-5), "one gain a channel");
            float[][] rows = [.. red.Chunk(Side)];
            bool isFlat = red.Distinct().Count() == 1;
            kinds.Add(isFlat ? "flat" : rows.All(row => row.Distinct().Count() == 1) ? "rows" : rows.All(row => row.SequenceEqual(rows[0])) ? "columns" : "else");
        }

        Assert.That(kinds, Is.EquivalentTo(new[] { "flat", "rows", "columns" }));
    }

    private static bool Equals(RgbImage image, float[] crop, int side, int top, int left, bool mirror)
    {
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                int column = Math.Clamp(left + (mirror ? side - 1 - x : x), 0, image.Width - 1);
                Span<byte> pixel = image.GetRow(Math.Clamp(top + y, 0, image.Height - 1)).Slice(3 * column, 3);
                for (int c = 0; c < 3; c++)
                {
                    if (crop[(y * side + x) * 3 + c] != pixel[c] / 255f)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private sealed class Listener(Action<string> listen) : IProgress<string>
    {
        public void Report(string value) => listen(value);
    }
}
