using ImageCodec.SamplePicture;

namespace ImageCodec.Browser.Tests;

/// <summary>Files to upload, in a folder of their own.</summary>
internal sealed class PictureFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("imagecodec-pictures-").FullName;

    public PictureFiles()
    {
        Street = StreetPicture.Render(192, 128);
        StreetPath = Write("street.png", ImageFile.Encode(Street, ImageFileFormat.Png));

        // To fit this one would take minutes anywhere.
        RgbImage large = new(1024, 1024);
        for (int i = 0; i < large.Pixels.Length; i++)
        {
            large.Pixels[i] = (byte)(i * i >> 9);
        }

        LargePath = Write("large.png", ImageFile.Encode(large, ImageFileFormat.Png));
        TextPath = Write("letter.png", "Dear reader, this is a letter."u8.ToArray());
    }

    public RgbImage Street { get; }

    public string StreetPath { get; }

    public string LargePath { get; }

    /// <summary>No picture, whatever its name says.</summary>
    public string TextPath { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
