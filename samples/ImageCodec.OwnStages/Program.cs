using System.Globalization;
using ImageCodec;
using ImageCodec.OwnStages;

// Codecs of stages of one's own: the cosine transform that JPEG is made of, in place of networks.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using ImageCompressor fourStages = new(
    new CosineEncoder(),
    new CosineDecoder(),
    new QuantizedLatentCodec(new StepQuantizer(), new ZeroRunCoder()),
    CodecFingerprint.Of("8×8 cosine transform, zero runs, 1"u8));

// The same transforms around a latent codec that quantises and codes at once.
using ImageCompressor threeStages = new(
    new CosineEncoder(), new CosineDecoder(), new NeighbourLatentCodec(), CodecFingerprint.Of("8×8 cosine transform, neighbours, 1"u8));

RgbImage picture = args is [string path, ..] ? ImageFile.Read(path) : Drawing.Circles(320, 200);
Console.WriteLine($"{picture.Width}×{picture.Height}");
Run("quantiser and coder of runs", fourStages);
Run("latent codec", threeStages);

void Run(string name, ImageCompressor codec)
{
    Console.WriteLine(name);
    foreach (int quality in (int[])[10, 30, 50, 70, 90])
    {
        // Everything that the library's compressor does works with them: targets, streams, progress, checks.
        CompressionResult result = codec.CompressAndReconstruct(picture, new CompressionOptions { Quality = quality });
        bool isAsForeseen = codec.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels);
        Console.WriteLine(
            $"  quality {quality,3}: {result.File.Length,7} bytes, {result.BitsPerPixel:0.000} bpp, {result.Psnr:0.00} dB{(isAsForeseen ? "" : ", but decodes to something else")}");
    }
}
