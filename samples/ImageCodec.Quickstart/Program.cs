using ImageCodec;
using ImageCodec.SamplePicture;

// The library in five lines. The picture is the file that was named, or one that is rendered here.
using var compressor = ImageCompressor.LoadPretrained();
RgbImage photo = args is [string path, ..] ? ImageFile.Read(path) : StreetPicture.Render(384, 256);
byte[] file = compressor.Compress(photo);
RgbImage restored = compressor.Decompress(file);
double psnr = Metrics.Psnr(photo, restored);

// Everything to look at goes into one folder.
string folder = Path.Combine("artifacts", "quickstart");
string originalPath = Path.Combine(folder, "original.png");
string compressedPath = Path.Combine(folder, "compressed.icd");
string restoredPath = Path.Combine(folder, "restored.png");
Directory.CreateDirectory(folder);
ImageFile.Write(originalPath, photo);
File.WriteAllBytes(compressedPath, file);
ImageFile.Write(restoredPath, restored);

Console.WriteLine($"original    {originalPath} ({photo.Width}×{photo.Height}, {photo.Pixels.Length} bytes of pixels)");
Console.WriteLine($"compressed  {compressedPath}: {file.Length} bytes, {Metrics.BitsPerPixel(file.Length, photo.Width, photo.Height):0.000} bpp");
Console.WriteLine($"restored    {restoredPath}: PSNR {psnr:0.00} dB");
