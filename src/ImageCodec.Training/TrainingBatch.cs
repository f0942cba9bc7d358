using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training;

/// <summary>The pictures of a step, and where the random numbers of each come from, so that a step does not depend on how its pictures are dealt out.</summary>
/// <param name="Crops">The pictures one after another, each side × side × 3 values in [0, 1]; the last step of an epoch may leave some unused.</param>
/// <param name="Side">Their side.</param>
/// <param name="Random">For each picture, what its random numbers go on from.</param>
internal sealed record TrainingBatch(float[] Crops, int Side, RandomSource[] Random)
{
    public int Count => Random.Length;

    private int PictureLength => 3 * Side * Side;

    /// <summary>The values of some pictures.</summary>
    public Span<float> Pictures(int first, int count) => Crops.AsSpan(first * PictureLength, count * PictureLength);
}
