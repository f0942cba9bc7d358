using System.Buffers;
using System.Buffers.Binary;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks;
using ImageCodec.Training;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>All readers of the library, with small seeds.</summary>
internal static class FuzzTargets
{
    private const int Kibi = 1 << 10;
    private const int Mebi = 1 << 20;

    private static readonly string SeedFolder = Path.Combine(AppContext.BaseDirectory, "Seeds");

    /// <summary>The targets, by name.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzTarget>> All { get; } = new Dictionary<string, Func<FuzzTarget>>
    {
        ["pnm"] = Pnm,
        ["tables"] = Tables,
        ["table-coder"] = TableStream,
        ["adaptive"] = AdaptiveStream,
        ["context"] = ContextStream,
        ["safetensors"] = SafetensorsFile,
        ["training"] = TrainingCheckpoint,
        ["png"] = Png,
        ["jpeg"] = Jpeg,
        ["identify"] = Identify,
        ["pnm-tolerant"] = () => Tolerant(Pnm()),
        ["png-tolerant"] = () => Tolerant(Png()),
        ["jpeg-tolerant"] = () => Tolerant(Jpeg()),
        ["icd"] = Icd,
        ["fitted"] = FittedTarget.Create,
        ["pytorch"] = PyTorch,
    };

    // A byte of a raw bitmap may be eight pixels of three bytes each; all else is small.
    private static FuzzTarget Pnm() => new(
        "pnm",
        [.. from size in new[] { (1, 1), (7, 5) } from format in new[] { ImageFileFormat.Ppm, ImageFileFormat.Ppm16, ImageFileFormat.Pgm, ImageFileFormat.Pgm16 }
            select ImageFile.Encode(Grey(size.Item1, size.Item2), format),
            .. new[]
            {
                "P1\n5 3\n10101 01010\n1 1 0 1 1\n", "P2 3 2 20 0 5 10 15 20 1\n", "P3\n# colours\n2 2 255\n1 2 3 4 5 6\n7 8 9 255 0 255\n", "P4 11 3\nabcdef",
                "P7\nWIDTH 2\nHEIGHT 3\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefghijklmnopqrstuvwx",
                "P7\nWIDTH 5\nHEIGHT 2\nDEPTH 1\nMAXVAL 1000\nTUPLTYPE GRAYSCALE\nENDHDR\n\u0001a\u0001b\u0001c\u0001d\u0001e\u0001f\u0001g\u0001h\u0001i\u0001j",
            }.Select(System.Text.Encoding.Latin1.GetBytes)],
        ReadPicture,
        ContainerMutators.Pnm,
        16 * Kibi,
        32);

    private static FuzzTarget Tables() => new(
        "tables",
        [.. new[] { 1, 3 }.Select(count =>
        {
            ArrayBufferWriter<byte> bytes = new();
            new FrequencyTableSet(Enumerable.Range(0, count).Select(i => FrequencyTable.FromGaussian(0.1 + (0.7 * i)))).Write(bytes);
            return bytes.WrittenSpan.ToArray();
        })],
        input => FrequencyTableSet.Read(input),
        ContainerMutators.Tables,
        Mebi,
        500);

    /// <summary>Two bytes say how many values, one where the indices start; the stream follows.</summary>
    private static FuzzTarget TableStream()
    {
        TableCoder coder = new(new ScaleGrid(0.11, 8, 16).CreateGaussianTables());
        static byte[] Indices(ReadOnlySpan<byte> head)
        {
            byte[] indices = new byte[BinaryPrimitives.ReadUInt16LittleEndian(head) & 0xFFF];
            for (int i = 0; i < indices.Length; i++)
            {
                indices[i] = (byte)(((i * 7) + head[2]) % 16);
            }

            return indices;
        }

        byte[] Seed(byte[] head)
        {
            byte[] indices = Indices(head);
            ArrayBufferWriter<byte> stream = new();
            RandomSource random = new(indices.Length);
            coder.Encode([.. indices.Select(index => (short)(random.NextNormal() * (1 + index) / 3))], indices, stream);
            return [.. head, .. stream.WrittenSpan];
        }

        return new FuzzTarget(
            "table-coder",
            [Seed([0, 0, 0]), Seed([1, 0, 2]), Seed([40, 0, 1]), Seed([0, 2, 3]), Seed([255, 15, 0])],
            input =>
            {
                CheckHead(input, 3);
                byte[] indices = Indices(input);
                coder.Decode(input.AsSpan(3), indices, new short[indices.Length]);
            },
            null,
            64 * Kibi,
            16);
    }

    /// <summary>Two bytes say how many symbols; the stream follows.</summary>
    private static FuzzTarget AdaptiveStream() => new(
        "adaptive",
        [.. new[] { 0, 1, 30, 400, 2000 }.Select(count =>
        {
            ArrayBufferWriter<byte> stream = new();
            AdaptiveCoder.Encode(Symbols(count, 5), stream);
            return (byte[])[(byte)count, (byte)(count >> 8), .. stream.WrittenSpan];
        })],
        input =>
        {
            CheckHead(input, 2);
            byte[] symbols = new byte[BinaryPrimitives.ReadUInt16LittleEndian(input) & 0xFFF];
            AdaptiveCoder.Decode(input.AsSpan(2), symbols);
            ArrayBufferWriter<byte> again = new();
            AdaptiveCoder.Encode(symbols, again);
            if (!again.WrittenSpan.SequenceEqual(input.AsSpan(2)))
            {
                throw new InvalidOperationException("A stream was taken that is not the encoding of what came out.");
            }
        },
        null,
        64 * Kibi,
        64);

    /// <summary>Three bytes give the latent's shape; the stream follows.</summary>
    private static FuzzTarget ContextStream()
    {
        static TensorShape Shape(ReadOnlySpan<byte> head) => new(1 + (head[0] % 8), 1 + (head[1] % 8), 1 + (head[2] % 8));
        static byte[] Seed(byte[] head)
        {
            TensorShape shape = Shape(head);
            ArrayBufferWriter<byte> stream = new();
            ContextCoder.Instance.Encode(Symbols(shape.Length, 1 + head[2]), shape, stream);
            return [.. head, .. stream.WrittenSpan];
        }

        return new FuzzTarget(
            "context",
            [Seed([0, 0, 0]), Seed([2, 1, 3]), Seed([3, 3, 2]), Seed([7, 7, 7])],
            input =>
            {
                CheckHead(input, 3);
                TensorShape shape = Shape(input);
                ContextCoder.Instance.Decode(input.AsSpan(3), shape, new byte[shape.Length]);
            },
            null,
            256 * Kibi,
            4);
    }

    private static FuzzTarget SafetensorsFile() => new(
        "safetensors",
        [.. Files("safetensors"), NeuralNetworks.Safetensors.ToBytes(SmallWeights(), WeightPrecision.Single)],
        input => WeightsFile.Read(input),
        ContainerMutators.Safetensors,
        64 * Kibi,
        64);

    private static FuzzTarget TrainingCheckpoint()
    {
        const string Description = "tiny";
        TrainingState state = new(TinyModel.Create());
        string path = Path.GetTempFileName();
        state.Epoch = 3;
        state.EpochSums[1] = 0.5;
        state.Save(path, Description);
        byte[] first = File.ReadAllBytes(path);
        state.Best = new ValidationResult(2, 20, 19.5, 0.5, 3);
        state.BestValues = [.. state.Average.Values.Select(values => (float[])values.Clone())];
        state.Save(path, Description);
        byte[] second = File.ReadAllBytes(path);
        File.Delete(path);
        return new FuzzTarget("training", [first, second], input => state.Load(input, Description), ContainerMutators.Safetensors, 64 * Kibi, 64);
    }

    // Deflate makes at most 1032 bytes of one, and a byte holds eight grey pixels of one bit, three bytes each once read.
    private static FuzzTarget Png() => new(
        "png",
        [.. Files("png").Where(file => file.Length < 600), ImageFile.Encode(TinyModel.CreatePicture(9, 7), ImageFileFormat.Png)],
        ReadPicture,
        PngMutator.Mutate,
        256 * Kibi,
        1032 * 8 * 4);

    // A bit may stand for a block of 64 pixels: three bytes a pixel for the picture, and up to six for kept coefficients.
    private static FuzzTarget Jpeg() => new(
        "jpeg",
        [.. Files("jpeg").Where(file => file.Length < 1000), ImageFile.EncodeJpeg(TinyModel.CreatePicture(20, 18), 30)],
        ReadPicture,
        JpegMutator.Mutate,
        Mebi,
        8 * 64 * 12);

    // Whatever size a header declares, no memory is taken for it; little more than the tables of a JPEG and the message of a refusal.
    private static FuzzTarget Identify() => new(
        "identify",
        [.. Pnm().Seeds, .. Png().Seeds, .. Jpeg().Seeds],
        input => ImageFile.Identify(input),
        ContainerMutators.Picture,
        64 * Kibi,
        16);

    /// <summary>The same files, read as far as they go; then nothing but the limit says how much memory a header may ask for.</summary>
    private static FuzzTarget Tolerant(FuzzTarget target)
    {
        const int MaxPixelCount = 1 << 16;
        ImageReadOptions options = new() { IsTolerant = true, MaxPixelCount = MaxPixelCount };
        return target with
        {
            Name = target.Name + "-tolerant",
            Read = input =>
            {
                RgbImage picture = ImageFile.Read(input, options);
                if (picture.PixelCount > MaxPixelCount)
                {
                    throw new InvalidOperationException($"A picture of {picture.Width}×{picture.Height} is more than was asked for.");
                }
            },

            // A JPEG of one pixel across takes whole MCUs of 32 samples all the same.
            BaseMemory = target.BaseMemory + (128 * MaxPixelCount),
        };
    }

    /// <summary>Reads a picture; what can be read has to be identified too, with the same size.</summary>
    private static void ReadPicture(byte[] input)
    {
        ImageFileInfo? info = null;
        try
        {
            info = ImageFile.Identify(input);
        }
        catch (InvalidFileException)
        {
            // Reading has to refuse it too.
        }

        RgbImage picture = ImageFile.Read(input);
        if ((info?.Width, info?.Height) != (picture.Width, picture.Height))
        {
            throw new InvalidOperationException($"A picture of {picture.Width}×{picture.Height} was identified as one of {info?.Width}×{info?.Height}.");
        }
    }

    private static FuzzTarget Icd()
    {
        ImageCompressor[] compressors = [TinyModel.CreateCompressor(ContextCoder.Instance, 0x111111), TinyModel.CreateCompressor(AdaptiveCoder.Instance, 0x222222)];

        // A file of another codec is looked up among the library's own models, which are read when they are first asked for.
        PretrainedModel.Find(default);
        RgbImage[] pictures = [TinyModel.CreatePicture(1, 1), TinyModel.CreatePicture(11, 6), TinyModel.CreatePicture(24, 16), TinyModel.CreateWholePicture(11, 6)];
        return new FuzzTarget(
            "icd",
            [.. from compressor in compressors from picture in pictures from quality in new[] { 1, 40, 100 }
                select compressor.Compress(picture, new CompressionOptions { Quality = quality })],
            input => (input.Length > 2 && input[2] == 0x22 ? compressors[1] : compressors[0]).Decompress(input),
            ContainerMutators.Icd,
            // What a picture may need grows with its declared size, up to the limit that these compressors have.
            Mebi + (40 * TinyModel.MaxPixelCount),
            // Deflate makes at most 1032 bytes of one.
            1100);
    }

    private static FuzzTarget PyTorch() => new(
        "pytorch",
        [.. Files("checkpoints").Where(file => file.Length < 5000)],
        input => WeightsFile.Read(input),
        ContainerMutators.Checkpoint,
        // The budget that is written down is 16 MiB and 16 bytes a byte, and then the pickle's own objects.
        32 * Mebi,
        1024);

    private static IEnumerable<byte[]> Files(string folder) =>
        Directory.GetFiles(Path.Combine(SeedFolder, folder)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static byte[] Symbols(int count, int end)
    {
        RandomSource random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(end))];
    }

    private static RgbImage Grey(int width, int height)
    {
        RgbImage image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(i / 3 * 11);
        }

        return image;
    }

    private static WeightsFile SmallWeights() => new(
        [new NamedTensor("a", [2, 2], [1, 2, 3, 4]), new NamedTensor("b.c", [0], []), new NamedTensor("d", [], [5])],
        new Dictionary<string, string> { ["architecture"] = "strided", ["bits"] = "2" });

    private static void CheckHead(byte[] input, int length)
    {
        if (input.Length < length)
        {
            throw new InvalidFileException("input", "it is shorter than what stands before the stream.");
        }
    }
}
