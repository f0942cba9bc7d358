using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Tests.Fitted;

namespace ImageCodec.Web.Tests;

/// <summary>Files of random networks and grids, with random boxes; the same for the same seed.</summary>
internal static class RandomFile
{
    public static byte[] Create(CodecFingerprint fingerprint, int seed, int maxSide)
    {
        Random random = new(seed);
        (int width, int height) = (Side(random, maxSide), Side(random, maxSide));
        FittedSample sample = new(FittedLayout.All[seed % 2], width, height, seed, (Wildness)(seed / 2 % 3));
        return IcdFile.Encode(fingerprint, width, height, seed % 3 == 0 ? [] : Boxes(random, width, height), sample.Write());
    }

    /// <summary>Small ones as often as large ones.</summary>
    private static int Side(Random random, int max) => (int)Math.Exp(random.NextDouble() * Math.Log(max + 1));

    private static List<IcdBox> Boxes(Random random, int width, int height)
    {
        PictureMetadata metadata = new()
        {
            IccProfile = Bytes(random),
            Exif = Bytes(random),
            Xmp = Bytes(random),
            CodePoints = random.Next(2) == 0 ? null : new ColorCodePoints((byte)random.Next(20), 13, 0, random.Next(2) == 0),
            Gamma = random.Next(2) == 0 ? null : random.Next(1, 200_000),
        };
        List<IcdBox> boxes = [.. IcdMetadata.ToBoxes(metadata)];
        if (random.Next(3) == 0)
        {
            boxes.Add(new IcdBox(IcdBox.Grey, default));
        }

        if (random.Next(2) == 0)
        {
            boxes.Add(new IcdBox(IcdBox.Alpha, AlphaPlane.Encode(Alpha(random, width, height), width, height, CancellationToken.None)));
        }

        return boxes;
    }

    /// <summary>None, some that can be compressed, or some that can't.</summary>
    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(3) == 0 ? random.Next(1, 2000) : 0];
        random.NextBytes(bytes);
        int kinds = random.Next(2) == 0 ? 256 : random.Next(1, 9);
        return Array.ConvertAll(bytes, value => (byte)(value % kinds));
    }

    /// <summary>A disc with a soft edge, of many values or few, and perhaps noise.</summary>
    private static byte[] Alpha(Random random, int width, int height)
    {
        (double x0, double y0, double radius) = (random.NextDouble() * width, random.NextDouble() * height, random.NextDouble() * (width + height) / 2);
        int softness = random.Next(1, 60);
        int step = random.Next(2) == 0 ? 1 : random.Next(2, 100);
        int noise = random.Next(3) == 0 ? random.Next(1, 256) : 1;
        byte[] alpha = new byte[width * height];
        for (int i = 0; i < alpha.Length; i++)
        {
            double distance = radius - Math.Sqrt(Math.Pow(i % width - x0, 2) + Math.Pow(i / width - y0, 2));
            alpha[i] = (byte)(Math.Clamp((int)(distance * softness) + random.Next(noise), 0, 255) / step * step);
        }

        return alpha;
    }
}
