using System.Globalization;
using ImageCodec;
using ImageCodec.Quickstart;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = Path.Combine("artifacts", "quickstart");
Directory.CreateDirectory(folder);
string originalPath = Path.Combine(folder, "original.png");
string compressedPath = Path.Combine(folder, "compressed.icd");
string restoredPath = Path.Combine(folder, "restored.png");

// A picture to work on: a street with a parked car, rendered here.
ImageFile.Write(originalPath, StreetPicture.Render(384, 256));

// The library in five lines.
using var compressor = ImageCompressor.LoadPretrained();
RgbImage photo = ImageFile.Read(originalPath);
byte[] file = compressor.Compress(photo);
RgbImage restored = compressor.Decompress(file);
double psnr = Metrics.Psnr(photo, restored);

File.WriteAllBytes(compressedPath, file);
ImageFile.Write(restoredPath, restored);

Console.WriteLine($"original    {originalPath} ({photo.Width}×{photo.Height}, {photo.Pixels.Length} bytes of pixels)");
Console.WriteLine($"compressed  {compressedPath}: {file.Length} bytes, {Metrics.BitsPerPixel(file.Length, photo.Width, photo.Height):0.000} bpp");
Console.WriteLine($"restored    {restoredPath}: PSNR {psnr:0.00} dB");
