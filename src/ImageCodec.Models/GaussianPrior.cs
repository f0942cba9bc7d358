using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models;

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

    /// <summary>The tensors that a weights file has of a prior.</summary>
    public IEnumerable<NamedTensor> Tensors =>
        [new NamedTensor(DeviationName, [Deviations.Length], Deviations), new NamedTensor(ToleranceName, [Tolerances.Length], Tolerances)];

    /// <summary>The prior that a VAE is trained with, for weights that say nothing of one.</summary>
    public static GaussianPrior Standard(int channels) => new([.. Enumerable.Repeat(1f, channels)], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>Whether a weights file has one.</summary>
    public static bool IsIn(WeightsFile file) => file.TryGet(DeviationName, out _) && file.TryGet(ToleranceName, out _);

    /// <summary>Reads the prior of a weights file.</summary>
    /// <exception cref="InvalidFileException">It has another number of channels, or values out of range.</exception>
    public static GaussianPrior Read(WeightsFile file, int channels)
    {
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
