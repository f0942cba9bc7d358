using ImageCodec.SamplePicture;

namespace ImageCodec.Farm;

/// <summary>Pictures for whoever has none at hand.</summary>
internal static class SamplePictures
{
    private const int Count = 40;

    /// <summary>Renders one picture, and cuts it into many; with one damaged file, to see what becomes of it.</summary>
    /// <returns>The folder.</returns>
    public static string Make(string folder)
    {
        Directory.CreateDirectory(folder);
        RgbImage street = StreetPicture.Render(384, 256);
        for (int i = 0; i < Count; i++)
        {
            RgbImage part = new(256, 192);
            for (int y = 0; y < part.Height; y++)
            {
                street.Pixels.Slice(3 * ((y + i) * street.Width + 3 * i), 3 * part.Width).CopyTo(part.Pixels[(3 * y * part.Width)..]);
            }

            ImageFile.Write(Path.Combine(folder, $"street-{i:00}.png"), part);
        }

        string whole = Path.Combine(folder, "street-00.png");
        File.WriteAllBytes(Path.Combine(folder, "damaged.png"), File.ReadAllBytes(whole)[..2000]);
        return folder;
    }
}
