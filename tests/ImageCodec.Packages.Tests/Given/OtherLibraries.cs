// The few members of other libraries that the documents' samples use, so that those compile without the libraries.
#nullable enable
#pragma warning disable

namespace System.Windows.Media
{
    public struct PixelFormat;
    public static class PixelFormats
    {
        public static PixelFormat Bgra32 => default;
        public static PixelFormat Rgb24 => default;
    }
}

namespace System.Windows.Media.Imaging
{
    public class BitmapPalette;

    public abstract class BitmapSource
    {
        public int PixelWidth => 0;
        public int PixelHeight => 0;
        public void CopyPixels(System.Array pixels, int stride, int offset) => throw null!;
        public static BitmapSource Create(
            int pixelWidth, int pixelHeight, double dpiX, double dpiY, PixelFormat pixelFormat, BitmapPalette? palette, System.Array pixels, int stride) => throw null!;
    }

    public class BitmapImage : BitmapSource
    {
        public BitmapImage(System.Uri uriSource) => throw null!;
    }

    public class FormatConvertedBitmap : BitmapSource
    {
        public FormatConvertedBitmap(BitmapSource source, PixelFormat destinationFormat, BitmapPalette? destinationPalette, double alphaThreshold) => throw null!;
    }
}

namespace System.Drawing.Imaging
{
    public enum PixelFormat { Format24bppRgb, Format32bppArgb }
    public enum ImageLockMode { ReadOnly, WriteOnly }

    public class BitmapData
    {
        public int Stride => 0;
        public System.IntPtr Scan0 => 0;
    }
}

namespace System.Drawing
{
    public class Bitmap : System.IDisposable
    {
        public Bitmap(string filename) => throw null!;
        public Bitmap(int width, int height, Imaging.PixelFormat format) => throw null!;
        public int Width => 0;
        public int Height => 0;
        public Imaging.BitmapData LockBits(Rectangle rect, Imaging.ImageLockMode flags, Imaging.PixelFormat format) => throw null!;
        public void UnlockBits(Imaging.BitmapData bitmapdata) => throw null!;
        public void Dispose() { }
    }
}
