using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ImageCodec;

// A picture of slopes to work on, as a file.
RgbImage drawn = new(96, 64);
for (int y = 0; y < drawn.Height; y++)
{
    Span<byte> row = drawn.GetRow(y);
    for (int x = 0; x < drawn.Width; x++)
    {
        (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = ((byte)(2 * x), (byte)(3 * y), (byte)(x + y));
    }
}

ImageFile.Write("photo.png", drawn);

using var compressor = ImageCompressor.LoadPretrained();
RgbImage photo = ImageFile.Read("photo.png");
byte[] file = compressor.Compress(photo, new CompressionOptions { BitsPerPixel = 0.5 });
RgbImage back = compressor.Decompress(file);
double psnr = Metrics.Psnr(photo, back);

IcdInfo info = await compressor.CompressFileAsync("photo.png", "photo.icd", overwrite: true);
await compressor.DecompressFileAsync("photo.icd", "back.png", overwrite: true);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{photo.Width}×{photo.Height} {file.Length} {psnr:0.000} {info.ModelName} {Convert.ToHexString(file)}"));

// A file of a model whose package is referenced or not.
try
{
    RgbImage car = ImageDecompressor.Shared.Decompress(Convert.FromBase64String(args[0]));
    Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(car.Pixels)));
}
catch (InvalidFileException e)
{
    Console.WriteLine(e.Message);
}

// What comes of a picture of usual size, with which instructions, and how long it takes at best.
RgbImage large = new(768, 512);
for (int i = 0; i < large.Pixels.Length; i++)
{
    large.Pixels[i] = (byte)(i / 9 ^ i / 2304);
}

TimeSpan best = TimeSpan.MaxValue;
CompressionResult result = compressor.CompressAndReconstruct(large);
for (int i = 0; i < 12; i++)
{
    long start = Stopwatch.GetTimestamp();
    compressor.Compress(large);
    TimeSpan taken = Stopwatch.GetElapsedTime(start);
    best = taken < best ? taken : best;
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{best.TotalMilliseconds:0.0} {Vector256.IsHardwareAccelerated}/{Fma.IsSupported} {Convert.ToHexStringLower(SHA256.HashData(result.File))} {Convert.ToHexStringLower(SHA256.HashData(result.Reconstruction.Pixels))}"));
