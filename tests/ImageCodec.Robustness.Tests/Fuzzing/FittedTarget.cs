using System.Buffers;
using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Files of the model <c>fitted</c>: whole ones, scales of them, and their beginnings.</summary>
internal static class FittedTarget
{
    /// <summary>Pixels that are taken.</summary>
    private const int MaxPixelCount = 1 << 14;

    private const int Mebi = 1 << 20;

    /// <summary>Sizes 0 and 1 of the networks with values as a fit gives them, and a file that a fit did give.</summary>
    public static FuzzTarget Create()
    {
        ImageCompressor compressor = ImageCompressor.LoadPretrained(FittedPriors.ModelName, maxThreads: 1);
        compressor.MaxPixelCount = MaxPixelCount;
        IEnumerable<byte[]> made =
            from layout in FittedLayout.All
            from size in new[] { (1, 1), (11, 6), (40, 24) }
            from spread in new[] { 0.5, 40 }
            select MakeFile(compressor.Fingerprint, layout, size.Item1, size.Item2, spread);
        return new FuzzTarget(
            "fitted",
            [.. made, compressor.Compress(TinyModel.CreatePicture(24, 16)), compressor.Compress(TinyModel.CreateWholePicture(11, 6))],
            input => Read(compressor, input),
            ContainerMutators.Icd,
            // What a picture may need grows with its declared size, up to the limit.
            Mebi + (200 * MaxPixelCount),
            // Deflate makes at most 1032 bytes of one; three pictures and what belongs to them.
            5000);
    }

    /// <summary>Reads the beginning of a file, about which nothing is sure, and then all of it; what is restored has to be the same both ways.</summary>
    private static void Read(ImageCompressor compressor, byte[] input)
    {
        DecompressionOptions options = new() { Scale = DecompressionOptions.Scales[input.Length % DecompressionOptions.Scales.Count] };
        ReadOnlyMemory<byte> body = input.AsMemory(0, Math.Max(0, input.Length - Crc24.Length));
        RgbImage? fromPrefix = null;
        try
        {
            // A file with another file's checksum at the end of its body is not a beginning, but that other file.
            RgbImage restored = compressor.DecompressPrefix(body, options);
            fromPrefix = IcdFile.IsWhole(body.Span) ? null : restored;
        }
        catch (InvalidFileException)
        {
            // A whole file may need its checksum's place for zeros; the rest of this tells whether it is sound.
        }

        RgbImage whole = compressor.Decompress(input);
        RgbImage scaled = compressor.Decompress(input, options);
        ScaleInfo info = FittedInfo.Read(input, MaxPixelCount).Scales.Single(scale => scale.Scale == options.Scale);
        RgbImage early = compressor.DecompressPrefix(input.AsMemory(0, info.FileLength), options);
        bool isAlike = scaled.Pixels.SequenceEqual(early.Pixels) && (fromPrefix is null || scaled.Pixels.SequenceEqual(fromPrefix.Pixels));
        if (!isAlike || (options.Scale == 1 && !whole.Pixels.SequenceEqual(scaled.Pixels)) || (info.Width, info.Height) != (scaled.Width, scaled.Height))
        {
            throw new InvalidOperationException($"At the scale 1/{options.Scale} a file and its beginning give different pictures.");
        }
    }

    private static byte[] MakeFile(CodecFingerprint fingerprint, FittedLayout layout, int width, int height, double spread)
    {
        RandomSource random = new(width, layout.Size, (int)spread);
        short Value(double deviation) => (short)Math.Clamp(Math.Round(random.NextNormal() * deviation), -LaplaceTables.MaxValue, LaplaceTables.MaxValue);
        short[] distances = [.. Enumerable.Range(0, layout.Count).Select(_ => Value(1))];
        int[] steps = [.. Enumerable.Range(0, FittedLayout.GroupCount).Select(group => 3 + group)];
        IntegerGrids grids = new(width, height);
        for (int grid = 0; grid < grids.Count; grid++)
        {
            foreach (ref short value in grids.Values(grid).AsSpan())
            {
                value = Value(spread * grid);
            }
        }

        ArrayBufferWriter<byte> body = new();
        FittedBody.Write(QuantizedNetwork.FromDistances(FittedPriors.Of(layout, rate: width % FittedPriors.Rates), distances, steps), grids, body);
        return IcdFile.Encode(fingerprint, width, height, body.WrittenSpan);
    }
}
