using System.Runtime.ExceptionServices;
using ImageCodec.Imaging;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training;

/// <summary>The pictures of some folders, split into those to train on and those to validate with.</summary>
internal sealed class PictureSet
{
    private PictureSet(RgbImage[] training, RgbImage[] validation)
    {
        Training = training;
        Validation = validation;
    }

    public IReadOnlyList<RgbImage> Training { get; }

    public IReadOnlyList<RgbImage> Validation { get; }

    /// <summary>Reads all pictures of some folders; of each folder one picture in so many is for validation.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">A folder has fewer than two pictures.</exception>
    /// <exception cref="InvalidFileException">One of them can't be read; the message names it.</exception>
    public static PictureSet Read(params IReadOnlyList<PictureFolder> folders)
    {
        List<RgbImage> training = [];
        List<RgbImage> validation = [];
        foreach ((string folder, int validationInterval) in folders)
        {
            string[] files = PictureFiles.Find(folder);
            if (files.Length < 2)
            {
                throw new ArgumentException(
                    $"The folder «{folder}» has {files.Length} pictures ({PictureFiles.ExtensionList}); training needs at least two.", nameof(folders));
            }

            RgbImage[] images = ReadAll(files);
            training.AddRange(images.Where((_, i) => i % validationInterval != 0));
            validation.AddRange(images.Where((_, i) => i % validationInterval == 0));
        }

        return new PictureSet([.. training], [.. validation]);
    }

    /// <summary>
    /// Copies a random square as <see cref="PictureCrop.Take"/> does, of the picture made smaller by a random factor down to one half, as far as it is
    /// large enough: that hides what JPEG left in photos, and shows the model finer detail.
    /// </summary>
    public static void ScaledCrop(RgbImage image, int side, int margin, RandomSource random, Span<float> crop)
    {
        float smallest = Math.Max(0.5f, (float)side / Math.Min(image.Width, image.Height));
        float scale = smallest < 1 ? random.NextSingle(smallest, 1.25f) : 1;
        if (scale >= 1)
        {
            PictureCrop.Take(image, side, margin, mayMirror: true, random, crop);
            return;
        }

        float window = side / scale;
        float left = random.NextSingle(0, image.Width - window);
        float top = random.NextSingle(0, image.Height - window);
        bool mirror = random.Next(2) == 1;
        AreaScaling.Run(image, left, top, 1 / scale, side, mirror, crop);
    }

    /// <summary>
    /// Turns a crop into one of many more that could have been: blended with another at a random weight (mixup, Zhang et al., 2018), or with a part
    /// of it beyond a random line taken from the other (after Yun et al., 2019); then each channel scaled a little.
    /// </summary>
    public static void Mix(Span<float> crop, ReadOnlySpan<float> other, int side, RandomSource random)
    {
        int kind = random.Next(3);
        float weight = random.NextSingle();
        int line = random.Next(side);
        Span<float> gains = stackalloc float[3];
        float common = random.NextSingle(0.75f, 1);
        foreach (ref float gain in gains)
        {
            gain = common * random.NextSingle(0.9f, 1);
        }

        for (int i = 0; i < crop.Length; i++)
        {
            float share = kind switch
            {
                0 => weight,
                1 => i / 3 % side < line ? 1 : 0,
                _ => i / 3 / side < line ? 1 : 0,
            };
            crop[i] = gains[i % 3] * (other[i] + share * (crop[i] - other[i]));
        }
    }

    private static RgbImage[] ReadAll(string[] files)
    {
        RgbImage[] images = new RgbImage[files.Length];
        try
        {
            Parallel.For(0, files.Length, i => images[i] = ReadOne(files[i]));
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        return images;
    }

    private static RgbImage ReadOne(string file)
    {
        try
        {
            return ImageFile.Read(file).LayOver(RgbColor.White);
        }
        catch (InvalidFileException exception)
        {
            throw new InvalidFileException(exception.Format, $"«{file}» can't be read: {exception.Message}", exception.Offset, exception);
        }
    }
}
