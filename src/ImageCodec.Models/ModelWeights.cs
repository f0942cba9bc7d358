using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

/// <summary>From a weights file to a codec.</summary>
internal static class ModelWeights
{
    /// <summary>Makes the compressor of a weights file.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <param name="fingerprint">The fingerprint where it is known for certain; a file's own word for it is not taken.</param>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures, or are priors of <c>fitted</c> that this library does not have.</exception>
    public static ImageCompressor Load(WeightsFile weights, int maxThreads, CodecFingerprint? fingerprint = null)
    {
        if (FittedModel.Fits(weights))
        {
            return FittedModel.Load(weights, maxThreads, fingerprint);
        }

        Autoencoder model = LoadModel(weights, maxThreads);
        return new ImageCompressor(new TransformCodec(model), fingerprint ?? Fingerprint(model.Network, weights));
    }

    /// <summary>Makes the model of a weights file; the architecture is the one whose parameters the file has.</summary>
    /// <exception cref="InvalidFileException">Its weights fit none of the architectures.</exception>
    public static Autoencoder LoadModel(WeightsFile weights, int maxThreads)
    {
        if (FittedModel.Fits(weights))
        {
            throw new InvalidFileException(weights.Format, FittedModel.WithoutStages);
        }

        // The one that the file names first, as making the layers of a large one takes a while.
        ModelCard card = ModelCard.Of(weights);
        string? named = card.Text(ModelCard.ArchitectureKey);
        foreach (string name in Architectures.Names.OrderBy(name => name != named))
        {
            Network network = Architectures.Create(name);
            if (network.Fits(weights))
            {
                network.Load(weights);
                return new Autoencoder(network, card, maxThreads);
            }
        }

        throw new InvalidFileException(
            weights.Format,
            $"the file has {weights.Tensors.Count} tensors, «{(weights.Tensors.Count > 0 ? weights.Tensors[0].Name : "")}» first, " +
            $"which are not the parameters of any architecture ({string.Join(", ", Architectures.Names)}).");
    }

    /// <summary>
    /// The fingerprint of a model with its latent codec: over the names of architecture and latent codec, then for each parameter in
    /// order its values, little-endian, and at last those of what was fitted beside them: a VAE's prior, a hyperprior's tables.
    /// </summary>
    public static CodecFingerprint Fingerprint(Network network, WeightsFile weights)
    {
        IEnumerable<float[]> parameters = network.Parameters.Select(p => weights.Get(p.Name).Values);
        IEnumerable<float[]> fitted = network.Fitted.Select(own => weights.TryGet(own.Name, out NamedTensor? kept) ? kept.Values : own.Values);
        return Fingerprint($"{network.Architecture}, {network.DescribeLatentCodec(ModelCard.Of(weights))}", parameters.Concat(fitted));
    }

    /// <summary>The fingerprint over a text and a line feed, and then values.</summary>
    public static CodecFingerprint Fingerprint(string text, IEnumerable<float[]> tensors)
    {
        ArrayBufferWriter<byte> description = new();
        description.Write(Encoding.UTF8.GetBytes(text + "\n"));
        foreach (float[] values in tensors)
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
}
