using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training;

/// <summary>Cuts the random squares that steps see out of pictures.</summary>
/// <param name="pictures">The pictures to train on.</param>
/// <param name="options">What the run does.</param>
internal sealed class BatchCutter(IReadOnlyList<RgbImage> pictures, TrainingOptions options)
{
    private const int Margin = 8;

    private readonly float[] _crops = new float[options.BatchSize * 3 * options.CropSize * options.CropSize];

    public int PictureCount => pictures.Count;

    /// <summary>Cuts one square out of each picture of a batch; the batch before is then gone.</summary>
    /// <param name="numbers">Which pictures.</param>
    /// <param name="state">Where the run is, on which randomness depends.</param>
    public TrainingBatch Cut(int[] numbers, TrainingState state)
    {
        RandomSource[] random = [.. numbers.Select((_, i) => new RandomSource(options.Seed, 2, state.Epoch, state.StepInEpoch, i))];
        TrainingBatch batch = new(_crops, options.CropSize, random);
        ParallelOptions threads = new() { MaxDegreeOfParallelism = options.MaxThreads == 0 ? -1 : options.MaxThreads };
        Parallel.For(0, numbers.Length, threads, i => Cut(pictures[numbers[i]], random[i], batch.Pictures(i, 1)));
        return batch;
    }

    private void Cut(RgbImage picture, RandomSource random, Span<float> crop)
    {
        int side = options.CropSize;
        if (options.Recipe == TrainingRecipe.NoisyDistortion)
        {
            PictureCrop.Take(picture, side, margin: 0, mayMirror: false, random, crop);
            return;
        }

        PictureSet.ScaledCrop(picture, side, Margin, random, crop);
        if (options.Mixing > 0 && random.NextSingle() < options.Mixing)
        {
            float[] other = new float[crop.Length];
            PictureSet.ScaledCrop(pictures[random.Next(pictures.Count)], side, Margin, random, other);
            PictureSet.Mix(crop, other, side, random);
        }
    }
}
