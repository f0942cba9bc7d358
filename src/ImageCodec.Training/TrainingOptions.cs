using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>What a training run does. Two runs with the same options on the same machine give the same weights.</summary>
public sealed class TrainingOptions
{
    /// <summary>The folder with the pictures, those in folders below included; every <see cref="ValidationInterval"/>-th is kept for validation.</summary>
    public required string Folder { get; init; }

    /// <summary>Further folders, each with its own share for validation. None by default.</summary>
    public IReadOnlyList<PictureFolder> MoreFolders { get; init; } = [];

    /// <summary>One of <see cref="ModelFactory.Architectures"/>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Where the weights go, as safetensors. Beside it the run keeps a checkpoint (.checkpoint) and a log (.csv).</summary>
    public required string OutputPath { get; init; }

    /// <summary>How training is done. <see cref="TrainingRecipe.RateDistortion"/> by default.</summary>
    public TrainingRecipe Recipe { get; init; } = TrainingRecipe.RateDistortion;

    /// <summary>
    /// Times that every picture is seen. 1000 by default. With 0 the weights of <see cref="StartPath"/> stay as they are, and only what is fitted beside them is: a hyperprior's
    /// tables, a VAE's prior.
    /// </summary>
    public int Epochs { get; init; } = 1000;

    /// <summary>Pictures in a step, at least 1. 8 by default.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The learning rate of Adam, above 0; its peak where it changes. 0.001 by default.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>
    /// λ, the price of distortion, above 0: the loss is bits per pixel + λ · MSE in squared 8-bit levels. 0.015 by default.
    /// <see cref="TrainingRecipe.NoisyDistortion"/> does not use it, nor does the hyperprior, which is trained for a range of them. A VAE's β, the weight of
    /// the divergence in nats beside half the squared error of values in [0, 1], is 1.5 / (ln 2 · 255² · λ), about 1 / 30,000 λ.
    /// </summary>
    public double Lambda { get; init; } = 0.015;

    /// <summary>Bits of a symbol that the model is trained for, 1 … 8, and its default level afterwards. 2 by default. VAEs have no use for it.</summary>
    public int Bits { get; init; } = 2;

    /// <summary>
    /// The share of pictures that are blended with another or put together of two, 0 … 1: for models so large, or data so few, that
    /// single pictures would be learnt by heart. 0 by default. <see cref="TrainingRecipe.NoisyDistortion"/> does not use it.
    /// </summary>
    public double Mixing { get; init; }

    /// <summary>The side of the square pieces cut from pictures, a multiple of the model's stride. 128 by default.</summary>
    public int CropSize { get; init; } = 128;

    /// <summary>One picture in so many, the first included in ordinal order of paths, is never trained on; at least 2. 8 by default.</summary>
    public int ValidationInterval { get; init; } = 8;

    /// <summary>Epochs from one validation to the next, at least 1; the last epoch has one in any case. 10 by default.</summary>
    public int EpochsPerValidation { get; init; } = 10;

    /// <summary>What all random numbers are drawn from. 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Bits of a weight in the output: 32, 16, or 8 with a scale for each channel. 32 by default. A finished run that is resumed writes its
    /// weights anew.
    /// </summary>
    public int WeightBits { get; init; } = 32;

    /// <summary>Threads to use at most; 0, the default, for all cores.</summary>
    public int MaxThreads { get; init; }

    /// <summary>
    /// A weights file to begin with: of the same architecture, or of one that differs from it by residual blocks, strides or pooling alone. Null, the
    /// default, for random weights.
    /// </summary>
    public string? StartPath { get; init; }

    /// <summary>Whether to go on from the checkpoint beside <see cref="OutputPath"/>, which must have been made with the same options. Not by default.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether pictures that can't be read are left out. By default they are an error, which names them all. The others are split as if all were there.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Told, in sentences for people, of each file in the folders that is left out; null, the default, for nobody.</summary>
    public IProgress<string>? Warnings { get; init; }

    /// <summary>The time between two checkpoints. Two minutes by default.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the checkpoint is kept.</summary>
    public string CheckpointPath => OutputPath + ".checkpoint";

    /// <summary>Where the log is kept.</summary>
    public string LogPath => OutputPath + ".csv";

    /// <summary>Everything that the course of a run depends on, as one line.</summary>
    internal string Description => FormattableString.Invariant(
        $"architecture={Architecture} recipe={Recipe} epochs={Epochs} batch={BatchSize} rate={LearningRate} lambda={Lambda} bits={Bits} crop={CropSize} validation={string.Join(',', Folders.Select(folder => folder.ValidationInterval))} every={EpochsPerValidation} seed={Seed}{(Mixing > 0 ? FormattableString.Invariant($" mixing={Mixing}") : "")}{(StartPath is null ? "" : $" start={Path.GetFileName(StartPath)}")}");

    /// <summary>What a step minimises.</summary>
    /// <param name="rateWeight">The share of the rate's gradient that counts, 0 … 1, where a recipe lets it come in slowly.</param>
    /// <param name="batchCount">Pictures in the step.</param>
    internal LossOptions Loss(double rateWeight, int batchCount) => new(Lambda, Bits, batchCount, rateWeight, Recipe == TrainingRecipe.NoisyDistortion);

    /// <summary>Gradients of a larger norm are scaled down to it; 0 for no limit.</summary>
    internal double MaxGradientNorm => Recipe == TrainingRecipe.NoisyDistortion ? 0 : 1;

    internal IReadOnlyList<PictureFolder> Folders => [new PictureFolder(Folder, ValidationInterval), .. MoreFolders];

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Folder);
        ArgumentException.ThrowIfNullOrEmpty(OutputPath);
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, StartPath is null ? 1 : 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bits, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(CropSize, 1);
        foreach (PictureFolder folder in Folders)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(folder.ValidationInterval, 2, nameof(ValidationInterval));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(EpochsPerValidation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxThreads);
        if (!(Mixing is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Mixing), Mixing, "The share of mixed pictures must be 0 to 1.");
        }

        if (WeightBits is not (8 or 16 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(WeightBits), WeightBits, "A weight has 8, 16 or 32 bits.");
        }

        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "The learning rate must be above zero.");
        }

        if (!(Lambda > 0 && double.IsFinite(Lambda)))
        {
            throw new ArgumentOutOfRangeException(nameof(Lambda), Lambda, "Lambda must be above zero.");
        }
    }
}
