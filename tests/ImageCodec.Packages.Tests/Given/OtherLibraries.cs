// The few members of other libraries that the documents' samples use, so that those compile without the libraries.
#nullable enable
#pragma warning disable

namespace SixLabors.ImageSharp
{
    public class Image
    {
        public static Image<TPixel> Load<TPixel>(string path) => throw null!;
        public static Image<TPixel> LoadPixelData<TPixel>(System.ReadOnlySpan<byte> data, int width, int height) => throw null!;
    }

    public class Image<TPixel> : Image, System.IDisposable
    {
        public int Width => 0;
        public int Height => 0;
        public void CopyPixelDataTo(System.Span<byte> destination) => throw null!;
        public void Dispose() { }
    }
}

namespace SixLabors.ImageSharp.PixelFormats
{
    public struct Rgb24;
    public struct Rgba32;
}

namespace SkiaSharp
{
    public enum SKColorType { Rgba8888 }
    public enum SKAlphaType { Opaque, Unpremul }
    public readonly record struct SKImageInfo(int Width, int Height, SKColorType ColorType, SKAlphaType AlphaType);

    public class SKBitmap : System.IDisposable
    {
        public SKBitmap(int width, int height, SKColorType colorType, SKAlphaType alphaType) => throw null!;
        public int Width => 0;
        public int Height => 0;
        public int RowBytes => 0;
        public int ByteCount => 0;
        public static SKImageInfo DecodeBounds(string filename) => throw null!;
        public static SKBitmap Decode(string filename, SKImageInfo bitmapInfo) => throw null!;
        public System.ReadOnlySpan<byte> GetPixelSpan() => throw null!;
        public System.IntPtr GetPixels() => throw null!;
        public void Dispose() { }
    }
}

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
