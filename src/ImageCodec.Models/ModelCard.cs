using System.Globalization;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

/// <summary>What a weights file says of itself, as far as decoding depends on it.</summary>
/// <param name="entries">The file's metadata.</param>
/// <param name="format">What messages call the file.</param>
internal sealed class ModelCard(IReadOnlyDictionary<string, string> entries, string format)
{
    /// <summary>The entry that names the architecture.</summary>
    public const string ArchitectureKey = "architecture";

    /// <summary>The entry with the fingerprint, so that a model can be told without reading all of its weights.</summary>
    public const string FingerprintKey = "fingerprint";

    /// <summary>The entry that says by what else than squared error the weights were trained.</summary>
    public const string DistortionKey = "distortion";

    /// <summary>What the entry says of weights that were trained for the eye, see training/visual.py.</summary>
    public const string VisualDistortion = "visual";

    /// <summary>The card of a weights file.</summary>
    public static ModelCard Of(WeightsFile weights) => new(weights.Metadata, weights.Format);

    /// <summary>The card that networks have when they have been trained so.</summary>
    public static ModelCard OfTraining(Network network, LossOptions options) => new(network.CardOfTraining(options), "weights");

    /// <summary>Whether the weights were trained for the eye, and not by squared error.</summary>
    /// <exception cref="InvalidFileException">They were trained by something that is not known.</exception>
    public bool IsVisual => Text(DistortionKey) switch
    {
        null => false,
        VisualDistortion => true,
        _ => throw Unknown(DistortionKey, VisualDistortion),
    };

    /// <summary>An entry, which may be missing.</summary>
    public string? Text(string key) => entries.GetValueOrDefault(key);

    /// <summary>The level that an entry gives.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="usual">What holds where it is missing.</param>
    /// <param name="largest">The last level there is.</param>
    /// <exception cref="InvalidFileException">It is no such level.</exception>
    public int Level(string key, int usual, int largest)
    {
        if (Text(key) is not { } text)
        {
            return usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level >= 1 && level <= largest
            ? level
            : throw new InvalidFileException(format, $"the metadata entry «{key}» is «{text}», but should be a number from 1 to {largest}.");
    }

    /// <summary>Says that an entry names nothing that there is.</summary>
    public InvalidFileException Unknown(string key, params string[] known) =>
        new(format, $"the metadata entry «{key}» is «{Text(key)}», but should be {string.Join(" or ", known)}.");
}
