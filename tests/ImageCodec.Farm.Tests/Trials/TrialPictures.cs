namespace ImageCodec.Farm.Tests.Trials;

/// <summary>Many small pictures, cut from those of a folder.</summary>
internal static class TrialPictures
{
    /// <summary>Writes pictures of mostly different sizes and contents, the same ones every time.</summary>
    public static void Make(string source, string folder, int count, int maxWidth, int maxHeight)
    {
        string[] files = [.. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(IsPicture).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            throw new DirectoryNotFoundException($"There are no pictures in «{source}».");
        }

        Random random = new(1);
        for (int i = 0; i < count; i++)
        {
            RgbImage picture = ImageFile.Read(files[(int)((long)i * files.Length / count)]);
            int width = Math.Min(picture.Width, random.Next(maxWidth / 2, maxWidth + 1));
            int height = Math.Min(picture.Height, random.Next(maxHeight / 2, maxHeight + 1));
            ImageFile.Write(Path.Combine(folder, $"{i:0000}.png"), Cut(picture, random.Next(picture.Width - width + 1), random.Next(picture.Height - height + 1), width, height));
        }
    }

    private static bool IsPicture(string path) => Path.GetExtension(path) is ".png" or ".jpg";

    private static RgbImage Cut(RgbImage picture, int left, int top, int width, int height)
    {
        RgbImage part = new(width, height);
        for (int y = 0; y < height; y++)
        {
            picture.Pixels.Slice(3 * ((top + y) * picture.Width + left), 3 * width).CopyTo(part.Pixels[(3 * y * width)..]);
        }

        return part;
    }
}
