using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

/// <summary>From a weights file to a codec.</summary>
internal static class ModelWeights
{
    /// <summary>The metadata entry that names the bits a symbol has where no rate is asked for.</summary>
    public const string BitsKey = "bits";

    /// <summary>The metadata entry that names the entropy coder; without it, as in checkpoints of other origin, it is the seed-compatible one.</summary>
    public const string EntropyCoderKey = "entropy_coder";

    /// <summary>The name of <see cref="ContextCoder"/>, which the trainer asks for.</summary>
    public const string ContextCoderName = "context";

    private const string AdaptiveCoderName = "adaptive";
    private const int DefaultBits = 2;

    /// <summary>Makes the compressor of a weights file.</summary>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures.</exception>
    public static ImageCompressor Load(WeightsFile weights, int maxThreads)
    {
        Autoencoder model = LoadModel(weights, maxThreads);
        if (model.Network.Hyperprior is { } hyperprior)
        {
            HyperpriorLatentCodec hyperCodec = new(hyperprior, model.Workspace, maxThreads);
            return new ImageCompressor(model.Encoder, model.Decoder, hyperCodec, Fingerprint(model, weights), 0, model);
        }

        SymbolLatentCodec latentCodec = new(new UniformQuantizer(model.HasSignedLatent), EntropyCoder(weights));
        return new ImageCompressor(model.Encoder, model.Decoder, latentCodec, Fingerprint(model, weights), DefaultLevel(weights), model);
    }

    /// <summary>Makes the model of a weights file; the architecture is the one whose parameters the file has.</summary>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures.</exception>
    public static Autoencoder LoadModel(WeightsFile weights, int maxThreads)
    {
        foreach (string name in Architecture.Names)
        {
            Autoencoder model = new(name, maxThreads);
            if (model.Fits(weights))
            {
                model.Load(weights);
                return model;
            }

            model.Dispose();
        }

        throw new InvalidFileException(
            weights.Format,
            $"the file has {weights.Tensors.Count} tensors, «{(weights.Tensors.Count > 0 ? weights.Tensors[0].Name : "")}» first, " +
            $"which are not the parameters of any architecture ({string.Join(", ", Architecture.Names)}).");
    }

    /// <summary>
    /// The fingerprint of a model with its quantiser and entropy coder: over the names of architecture and entropy coder, then for each parameter in
    /// order its values, little-endian.
    /// </summary>
    public static CodecFingerprint Fingerprint(Autoencoder model, WeightsFile weights)
    {
        ArrayBufferWriter<byte> description = new();
        description.Write(Encoding.UTF8.GetBytes($"{model.Architecture}, uniform quantiser, {EntropyCoderName(weights)} coder\n"));
        foreach ((string name, _) in model.Parameters)
        {
            float[] values = weights.Get(name).Values;
            Span<byte> bytes = description.GetSpan(values.Length * sizeof(float));
            if (BitConverter.IsLittleEndian)
            {
                MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
            }
            else
            {
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], values[i]);
                }
            }

            description.Advance(values.Length * sizeof(float));
        }

        return CodecFingerprint.Of(description.WrittenSpan);
    }

    private static string EntropyCoderName(WeightsFile weights) => weights.Metadata.GetValueOrDefault(EntropyCoderKey, AdaptiveCoderName);

    private static IEntropyCoder EntropyCoder(WeightsFile weights) => EntropyCoderName(weights) switch
    {
        AdaptiveCoderName => AdaptiveCoder.Instance,
        ContextCoderName => ContextCoder.Instance,
        string other => throw new InvalidFileException(
            weights.Format, $"the metadata entry «{EntropyCoderKey}» is «{other}», but should be {AdaptiveCoderName} or {ContextCoderName}."),
    };

    private static int DefaultLevel(WeightsFile weights)
    {
        if (!weights.Metadata.TryGetValue(BitsKey, out string? text))
        {
            return DefaultBits;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && bits is >= 1 and <= 8
            ? bits
            : throw new InvalidFileException(weights.Format, $"the metadata entry «{BitsKey}» is «{text}», but should be a number from 1 to 8.");
    }
}
