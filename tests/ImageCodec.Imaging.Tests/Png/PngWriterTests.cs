using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace ImageCodec.Imaging.Tests.Png;

public sealed class PngWriterTests
{
    [Test]
    public void Reads_back_what_it_wrote([Values(1, 2, 3, 5, 6, 16, 31, 67)] int width, [Values(1, 2, 7, 45)] int height)
    {
        foreach (RgbImage image in new[] { TestPictures.Noise(width, height, 1), TestPictures.Slopes(width, height, 2), new RgbImage(width, height) })
        {
            TestPictures.AssertEqual(ImageFile.Read(ImageFile.Encode(image, ImageFileFormat.Png)), image);
        }
    }

    [Test]
    public void Image_data_of_several_chunks_is_read_back()
    {
        RgbImage image = TestPictures.Noise(300, 200, 5);
        byte[] file = ImageFile.Encode(image, ImageFileFormat.Png);

        Assert.That(ChunkTypes(file), Is.EqualTo(new[] { "IHDR", "IDAT", "IDAT", "IDAT", "IEND" }));
        TestPictures.AssertEqual(ImageFile.Read(file), image);
    }

    [Test]
    public void Smooth_pictures_pack_far_better_than_unfiltered_ones()
    {
        RgbImage image = new(128, 128);
        for (int y = 0; y < 128; y++)
        {
            for (int x = 0; x < 128; x++)
            {
                image.GetRow(y)[3 * x] = (byte)(((x * x) + (y * y)) / 128);
                image.GetRow(y)[(3 * x) + 1] = (byte)(x + y);
                image.GetRow(y)[(3 * x) + 2] = (byte)(x * y / 64);
            }
        }

        int unfiltered = PngBuilder.Deflate(image.Pixels.ToArray()).Length;

        Assert.That(ImageFile.Encode(image, ImageFileFormat.Png), Has.Length.LessThan(unfiltered / 2));
    }

    /// <summary>libpng's opinion.</summary>
    [Test]
    public void Netpbm_reads_the_same_pixels()
    {
        string folder = Directory.CreateTempSubdirectory("imagecodec-").FullName;
        try
        {
            for (int seed = 0; seed < 6; seed++)
            {
                RgbImage image = TestPictures.Slopes(1 + (seed * 13), 1 + (seed * 9), seed);
                image.Pixels[1] ^= 1; // never all grey, which pngtopnm would write as P5
                string path = Path.Combine(folder, "picture.png");
                ImageFile.Write(path, image);
                TestPictures.AssertEqual(ImageFile.Read(RunPngToPnm(path)), image);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] RunPngToPnm(string path)
    {
        ProcessStartInfo start = new("pngtopnm", [path]) { RedirectStandardOutput = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("netpbm's pngtopnm is not installed.");
        }

        using (process)
        using (MemoryStream output = new())
        {
            process!.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero);
            return output.ToArray();
        }
    }

    private static List<string> ChunkTypes(byte[] file)
    {
        List<string> types = [];
        for (int at = 8; at < file.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)))
        {
            types.Add(Encoding.ASCII.GetString(file, at + 4, 4));
        }

        return types;
    }
}
