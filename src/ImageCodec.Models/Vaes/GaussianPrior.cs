using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Vaes;

/// <summary>
/// What a VAE expects of its latent before it has seen one: for each channel a normal distribution of mean 0, and how finely the
/// decoder needs to know its values.
/// </summary>
internal sealed class GaussianPrior
{
    private const string DeviationName = "prior.deviation";
    private const string ToleranceName = "prior.tolerance";

    /// <summary>Makes a prior.</summary>
    /// <param name="deviations">Standard deviations of the latent's values, at least zero.</param>
    /// <param name="tolerances">Standard deviations of the noise that the decoder was trained to bear, above zero.</param>
    public GaussianPrior(float[] deviations, float[] tolerances)
    {
        Deviations = deviations;
        Tolerances = tolerances;
    }

    /// <summary>A standard deviation for each channel.</summary>
    public float[] Deviations { get; }

    /// <summary>The noise that the decoder bears, for each channel; steps of the quantiser go with it.</summary>
    public float[] Tolerances { get; }

    /// <summary>The names of <see cref="Tensors"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [DeviationName, ToleranceName];

    /// <summary>The tensors that a weights file has of a prior.</summary>
    public IEnumerable<NamedTensor> Tensors =>
        [new NamedTensor(DeviationName, [Deviations.Length], Deviations), new NamedTensor(ToleranceName, [Tolerances.Length], Tolerances)];

    /// <summary>The prior that a VAE is trained with, for weights that say nothing of one.</summary>
    public static GaussianPrior Standard(int channels) => new([.. Enumerable.Repeat(1f, channels)], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>Reads the prior of a weights file; the one that a VAE is trained with where it has none.</summary>
    /// <exception cref="InvalidFileException">It has half a prior, another number of channels, or values out of range.</exception>
    public static GaussianPrior Read(WeightsFile file, int channels)
    {
        if (!Names.Any(name => file.TryGet(name, out _)))
        {
            return Standard(channels);
        }

        float[] deviations = file.Get(DeviationName, [channels]).Values;
        float[] tolerances = file.Get(ToleranceName, [channels]).Values;
        if (!deviations.All(value => value >= 0 && float.IsFinite(value)) || !tolerances.All(value => value > 0 && float.IsFinite(value)))
        {
            throw new InvalidFileException(
                file.Format, $"the values of «{DeviationName}» must be finite and at least zero, those of «{ToleranceName}» finite and above zero.");
        }

        return new GaussianPrior(deviations, tolerances);
    }
}
