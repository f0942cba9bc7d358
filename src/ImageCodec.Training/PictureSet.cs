using ImageCodec.Imaging;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training;

/// <summary>The pictures of some folders, split into those to train on and those to validate with.</summary>
internal sealed class PictureSet
{
    /// <summary>What errors call pictures.</summary>
    public const string Format = "Pictures";

    private PictureSet(RgbImage[] training, RgbImage[] validation)
    {
        Training = training;
        Validation = validation;
    }

    public IReadOnlyList<RgbImage> Training { get; }

    public IReadOnlyList<RgbImage> Validation { get; }

    /// <summary>Reads all pictures of some folders; of each folder one picture in so many is for validation, those that can't be read counted.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="skipUnreadable">Whether pictures that can't be read are left out.</param>
    /// <param name="warnings">Told of each file that is left out; null for nobody.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">A folder has too few pictures.</exception>
    /// <exception cref="InvalidFileException">Some of them can't be read; the message names them all.</exception>
    public static PictureSet Read(IReadOnlyList<PictureFolder> folders, bool skipUnreadable = false, IProgress<string>? warnings = null)
    {
        List<RgbImage> training = [];
        List<RgbImage> validation = [];
        List<string> problems = [];
        foreach ((string folder, int validationInterval) in folders)
        {
            FolderFiles found = FolderFiles.Find(folder, FileKind.Picture);
            foreach (LeftOutFile file in found.LeftOut.Where(file => !file.IsFault))
            {
                warnings?.Report($"'{file.Path}' is left out: it {file.Reason}");
            }

            (RgbImage? Image, string? Problem)[] results = new (RgbImage?, string?)[found.Files.Count];
            Parallel.For(0, results.Length, i => results[i] = ReadOne(found.Files[i].Path));
            string[] folderProblems =
            [
                .. found.LeftOut.Where(file => file.IsFault).Select(file => $"«{file.Path}» {file.Reason}"),
                .. results.Select(result => result.Problem).OfType<string>(),
            ];
            problems.AddRange(folderProblems);
            if (!skipUnreadable && folderProblems.Length > 0)
            {
                continue;
            }

            RgbImage[] forTraining = [.. results.Where((_, i) => i % validationInterval != 0).Select(result => result.Image).OfType<RgbImage>()];
            RgbImage[] forValidation = [.. results.Where((_, i) => i % validationInterval == 0).Select(result => result.Image).OfType<RgbImage>()];
            if (forTraining.Length == 0 || forValidation.Length == 0)
            {
                throw new ArgumentException(
                    $"The folder «{folder}» has {forTraining.Length} pictures to train on and {forValidation.Length} to validate with; at least one of each is needed.", nameof(folders));
            }

            training.AddRange(forTraining);
            validation.AddRange(forValidation);
        }

        if (!skipUnreadable && problems.Count > 0)
        {
            throw new InvalidFileException(Format, $"{problems.Count} can't be read. {string.Join(' ', problems)}");
        }

        problems.ForEach(problem => warnings?.Report($"left out: {problem}"));
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

    private static (RgbImage? Image, string? Problem) ReadOne(string file)
    {
        try
        {
            // Without metadata, whose bits say nothing of a model.
            RgbImage image = ImageFile.Read(file).LayOver(RgbColor.White);
            return (new RgbImage(image.Width, image.Height, image.Pixels), null);
        }
        catch (Exception e) when (e is InvalidFileException or IOException or UnauthorizedAccessException)
        {
            return (null, $"«{file}»: {e.Message}");
        }
    }
}
