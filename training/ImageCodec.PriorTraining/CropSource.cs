namespace ImageCodec.PriorTraining;

/// <summary>Random crops of the pictures that a list names, a path a line; every other large one is halved in size first.</summary>
internal sealed class CropSource(IReadOnlyList<string> paths)
{
    private const int LeastHalvedSide = 512;

    /// <summary>The next crop; smaller than asked for where the picture is.</summary>
    public RgbImage Next(int side, Random random)
    {
        RgbImage picture = ImageFile.Read(paths[random.Next(paths.Count)]);
        if (random.Next(2) == 0 && Math.Min(picture.Width, picture.Height) >= LeastHalvedSide)
        {
            picture = Halve(picture);
        }

        int width = Math.Min(side, picture.Width);
        int height = Math.Min(side, picture.Height);
        return Cut(picture, random.Next(picture.Width - width + 1), random.Next(picture.Height - height + 1), width, height);
    }

    private static RgbImage Cut(RgbImage picture, int left, int top, int width, int height)
    {
        RgbImage result = new(width, height);
        for (int y = 0; y < height; y++)
        {
            picture.GetRow(top + y).Slice(3 * left, 3 * width).CopyTo(result.GetRow(y));
        }

        return result;
    }

    private static RgbImage Halve(RgbImage picture)
    {
        RgbImage result = new(picture.Width / 2, picture.Height / 2);
        for (int y = 0; y < result.Height; y++)
        {
            ReadOnlySpan<byte> upper = picture.GetRow(2 * y);
            ReadOnlySpan<byte> lower = picture.GetRow(2 * y + 1);
            Span<byte> to = result.GetRow(y);
            for (int i = 0; i < to.Length; i++)
            {
                int left = i / 3 * 6 + i % 3;
                to[i] = (byte)((upper[left] + upper[left + 3] + lower[left] + lower[left + 3] + 2) / 4);
            }
        }

        return result;
    }
}
