using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests.BitEquality;

/// <summary>
/// Hashes of the float outputs of every kernel on random shapes, and of the encoder and decoder of every architecture, with the
/// vectors that this process has, on one, two and three threads; and of the pixels that golden files decode to. Lines «name hash»;
/// the golden ones are in Fixtures/bit-hashes.txt and golden-files.txt.
/// </summary>
internal static unsafe class BitHashes
{
    /// <summary>What makes this program print the hashes.</summary>
    public const string Argument = "print-bit-hashes";

    /// <summary>The line that says how wide the vectors were.</summary>
    public const string LanesName = "lanes";

    /// <summary>What lines of whole decoded files begin with; the file's number follows.</summary>
    public const string GoldenFileName = "golden-file-";

    private const int MaxThreads = 3;
    private const int KernelCases = 12;
    private static readonly int[] s_channels = [1, 3, 15, 16, 17, 31, 32, 33, 64];

    public static IEnumerable<string> ComputeAll()
    {
        yield return $"{LanesName} {Backend.Current.Lanes}";
        for (int threads = 1; threads <= MaxThreads; threads++)
        {
            for (int i = 0; i < KernelCases; i++)
            {
                yield return $"convolution-{i} {threads} {Convolve(i, threads)}";
                yield return $"transposed-{i} {threads} {Transpose(i, threads)}";
            }

            yield return $"sigmoid {threads} {Sigmoid()}";
            yield return $"max-pooling {threads} {Run(new MaxPooling(), new TensorShape(9, 12, 19), threads)}";
            yield return $"residual-block {threads} {Run(new ResidualBlock(17), new TensorShape(6, 9, 17), threads)}";
            yield return $"depth-to-space {threads} {Run(new DepthToSpace(4), new TensorShape(3, 2, 32), threads)}";
            foreach (string architecture in ModelFactory.Architectures)
            {
                // The large one takes seconds where fused multiply-adds are done in software.
                if (architecture == Architectures.Vae && threads == 2)
                {
                    continue;
                }

                (string latent, string picture) = RunModel(architecture, threads);
                yield return $"{architecture}-encoder {threads} {latent}";
                yield return $"{architecture}-decoder {threads} {picture}";
            }

            yield return $"hyperprior-file {threads} {RunHyperprior(threads, effort: 0)}";
            yield return $"hyperprior-refined {threads} {RunHyperprior(threads, effort: 3)}";
            for (int i = 0; i < GoldenFile.All.Count; i++)
            {
                GoldenFile golden = GoldenFile.All[i];
                using ImageCompressor compressor = ImageCompressor.LoadPretrained(golden.Model, threads);
                yield return $"{GoldenFileName}{i} {threads} {GoldenFile.HashOf(compressor.Decompress(golden.Bytes))}";
            }
        }
    }

    private static string Convolve(int seed, int threads)
    {
        RandomSource random = new(seed, 11);
        (ConvolutionGeometry geometry, int count, TensorShape shape) = Draw(random);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, threads);
        Tensor input = Fill(random, scope.Create(count, shape));
        float[] weights = Fill(random, new float[geometry.WeightCount]), bias = Fill(random, new float[geometry.Outputs]);
        fixed (float* pointer = weights)
        {
            WeightPanels panels = Convolution.PackForward(Backend.Current, geometry, pointer, bias);
            return Hash(Convolution.Forward(scope, geometry, panels, input, relu: seed % 2 == 0).Span);
        }
    }

    private static string Transpose(int seed, int threads)
    {
        RandomSource random = new(seed, 12);
        (ConvolutionGeometry geometry, int count, TensorShape shape) = Draw(random);
        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, threads);
        Tensor input = Fill(random, scope.Create(count, geometry.Convolve(shape)));
        float[] weights = Fill(random, new float[geometry.WeightCount]), bias = Fill(random, new float[geometry.Inputs]);
        fixed (float* pointer = weights)
        {
            WeightPanels[] panels = Convolution.PackTransposed(Backend.Current, geometry, pointer, bias);
            return Hash(Convolution.Transpose(scope, geometry, panels, input, shape, relu: seed % 2 == 0).Span);
        }
    }

    private static string Sigmoid()
    {
        float[] values = [.. Enumerable.Range(-1000, 2003).Select(i => i / 32f)];
        fixed (float* pointer = values)
        {
            Backend.Current.Sigmoid(pointer, values.Length);
        }

        return Hash(values);
    }

    private static string Run(Layer layer, TensorShape shape, int threads)
    {
        RandomSource random = new(13);
        foreach ((_, Parameter parameter) in layer.Parameters)
        {
            Fill(random, parameter.Values);
            parameter.Changed();
        }

        using Workspace workspace = new();
        using ComputeScope scope = new(workspace, threads);
        return Hash(layer.Forward(scope, Fill(random, scope.Create(2, shape))).Span);
    }

    private static (string Latent, string Picture) RunModel(string architecture, int threads)
    {
        using Autoencoder model = ModelFactory.Create(architecture, seed: 1, threads);
        TensorShape shape = architecture switch
        {
            Architectures.Vae => new(128, 128, 3),
            Architectures.Hyperprior => new(32, 48, 3),
            _ => new(16, 24, 3),
        };
        float[] picture = new float[shape.Length];
        RandomSource random = new(14);
        foreach (ref float value in picture.AsSpan())
        {
            value = random.NextSingle();
        }

        TensorShape latentShape = new(shape.Height / model.Encoder.Stride, shape.Width / model.Encoder.Stride, model.Encoder.LatentChannels);
        float[] latent = new float[latentShape.Length];
        model.Encoder.Encode(picture, shape, latent);
        model.Decoder.Decode(latent, latentShape, picture);
        return (Hash(latent), Hash(picture));
    }

    /// <summary>A file of the hyperprior model, whose very bytes hang on the networks' floats, and the picture that comes of it.</summary>
    private static string RunHyperprior(int threads, int effort)
    {
        using ImageCompressor compressor = HyperpriorModel.Create(threads);
        CompressionResult result = compressor.CompressAndReconstruct(TestPicture.Create(70, 50), new CompressionOptions { Effort = effort });
        return Convert.ToHexStringLower(SHA256.HashData([.. result.File, .. result.Reconstruction.Pixels]));
    }

    private static (ConvolutionGeometry Geometry, int Count, TensorShape Shape) Draw(RandomSource random)
    {
        while (true)
        {
            int kernel = 1 + random.Next(7);
            ConvolutionGeometry geometry = new(
                s_channels[random.Next(s_channels.Length)], s_channels[random.Next(s_channels.Length)], kernel, 1 + random.Next(4), random.Next(kernel + 1));
            TensorShape shape = new(1 + random.Next(20), 1 + random.Next(33), geometry.Inputs);
            int count = 1 + random.Next(2);
            TensorShape output = geometry.Convolve(shape);
            long terms = (long)count * output.Height * output.Width * geometry.WeightCount;
            if (terms is > 0 and < 500_000)
            {
                return (geometry, count, shape);
            }
        }
    }

    private static Tensor Fill(RandomSource random, Tensor tensor)
    {
        Fill(random, tensor.Span);
        return tensor;
    }

    private static float[] Fill(RandomSource random, float[] values)
    {
        Fill(random, values.AsSpan());
        return values;
    }

    private static void Fill(RandomSource random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = random.NextSingle(-1, 1);
        }
    }

    private static string Hash(ReadOnlySpan<float> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));
}
