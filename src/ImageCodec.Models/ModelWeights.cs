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

    /// <summary>The metadata entry of a VAE that gives its level where no rate is asked for.</summary>
    public const string LevelKey = "level";

    /// <summary>The metadata entry that names the entropy coder; without it, as in checkpoints of other origin, it is the seed-compatible one.</summary>
    public const string EntropyCoderKey = "entropy_coder";

    /// <summary>The name of <see cref="ContextCoder"/>, which the trainer asks for.</summary>
    public const string ContextCoderName = "context";

    /// <summary>The metadata entry that names what a range of the quantiser is for; without it, as <see cref="UniformQuantizer"/> has it.</summary>
    public const string QuantizerKey = "quantizer";

    /// <summary>The name of <see cref="ChannelQuantizer"/>.</summary>
    public const string ChannelQuantizerName = "channel";

    /// <summary>The metadata entry with the fingerprint, so that a model can be told without reading all of its weights.</summary>
    public const string FingerprintKey = "fingerprint";

    private const string PictureQuantizerName = "picture";
    private const string AdaptiveCoderName = "adaptive";
    private const int DefaultBits = 2;

    /// <summary>Makes the compressor of a weights file.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <param name="fingerprint">The fingerprint where it is known for certain; a file's own word for it is not taken.</param>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures.</exception>
    public static ImageCompressor Load(WeightsFile weights, int maxThreads, CodecFingerprint? fingerprint = null)
    {
        Autoencoder model = LoadModel(weights, maxThreads);
        (ILatentCodec latentCodec, int defaultLevel) = model switch
        {
            { Network.Hyperprior: { } hyperprior } => ((ILatentCodec)new HyperpriorLatentCodec(hyperprior, model.Workspace, maxThreads), HyperpriorLatentCodec.UsualLevel),
            { Prior: { } prior } => (new GaussianLatentCodec(prior), Setting(weights, LevelKey, GaussianLatentCodec.MatchedLevel, GaussianLatentCodec.Levels)),
            _ => (new SymbolLatentCodec(Quantizer(weights), EntropyCoder(weights)), Setting(weights, BitsKey, DefaultBits, UniformQuantizer.MaxBits)),
        };
        return new ImageCompressor(model.Encoder, model.Decoder, latentCodec, fingerprint ?? Fingerprint(model, weights), defaultLevel, model)
        {
            Refinement = latentCodec is HyperpriorLatentCodec codec ? new LatentRefinement(model.Network, codec, model.Workspace, maxThreads) : null,
        };
    }

    /// <summary>Makes the model of a weights file; the architecture is the one whose parameters the file has.</summary>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures.</exception>
    public static Autoencoder LoadModel(WeightsFile weights, int maxThreads)
    {
        // The one that the file names first, as making the layers of a large one takes a while.
        string? named = weights.Metadata.GetValueOrDefault("architecture");
        foreach (string name in Architecture.Names.OrderBy(name => name != named))
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
    /// The fingerprint of a model with its latent codec: over the names of architecture and latent codec, then for each parameter in
    /// order its values, little-endian, and at last those of what was fitted beside them: a VAE's prior, a hyperprior's tables.
    /// </summary>
    public static CodecFingerprint Fingerprint(Autoencoder model, WeightsFile weights)
    {
        ArrayBufferWriter<byte> description = new();
        string latentCodec = model switch
        {
            { Network.Hyperprior: not null } => "hyperprior, table coder",
            { Prior: not null } => "Gaussian prior, table coder",
            _ => $"uniform quantiser{(Quantizer(weights) is ChannelQuantizer ? " per channel" : "")}, {EntropyCoderName(weights)} coder",
        };
        description.Write(Encoding.UTF8.GetBytes($"{model.Architecture}, {latentCodec}\n"));
        IEnumerable<float[]> parameters = model.Parameters.Select(p => weights.Get(p.Name).Values);
        IEnumerable<float[]> fitted = model.Fitted.Select(own => weights.TryGet(own.Name, out NamedTensor? kept) ? kept.Values : own.Values);
        foreach (float[] values in parameters.Concat(fitted))
        {
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

    private static IQuantizer Quantizer(WeightsFile weights) => weights.Metadata.GetValueOrDefault(QuantizerKey, PictureQuantizerName) switch
    {
        PictureQuantizerName => new UniformQuantizer(),
        ChannelQuantizerName => new ChannelQuantizer(),
        string other => throw new InvalidFileException(
            weights.Format, $"the metadata entry «{QuantizerKey}» is «{other}», but should be {PictureQuantizerName} or {ChannelQuantizerName}."),
    };

    private static string EntropyCoderName(WeightsFile weights) => weights.Metadata.GetValueOrDefault(EntropyCoderKey, AdaptiveCoderName);

    private static IEntropyCoder EntropyCoder(WeightsFile weights) => EntropyCoderName(weights) switch
    {
        AdaptiveCoderName => AdaptiveCoder.Instance,
        ContextCoderName => ContextCoder.Instance,
        string other => throw new InvalidFileException(
            weights.Format, $"the metadata entry «{EntropyCoderKey}» is «{other}», but should be {AdaptiveCoderName} or {ContextCoderName}."),
    };

    /// <summary>The rate setting that a metadata entry gives.</summary>
    private static int Setting(WeightsFile weights, string key, int usual, int largest)
    {
        if (!weights.Metadata.TryGetValue(key, out string? text))
        {
            return usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int setting) && setting >= 1 && setting <= largest
            ? setting
            : throw new InvalidFileException(weights.Format, $"the metadata entry «{key}» is «{text}», but should be a number from 1 to {largest}.");
    }
}
