using System.Diagnostics;
using System.Globalization;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training;

/// <summary>Trains a model on a folder of pictures.</summary>
/// <remarks>
/// Killed at any moment, a run goes on from its last checkpoint and ends with the same weights as one that was never stopped.
/// One run at a time; trainers with different outputs may run on different threads.
/// </remarks>
public sealed class Trainer
{
    private const double WarmUp = 0.02;

    // The rate comes in over this part of the run: before the decoder has learnt to use the latent, the cheapest latent is none at all.
    private const double RateStart = 0.05;
    private const double RateFull = 0.25;

    private readonly TrainingOptions _options;
    private readonly Func<TrainingState, TrainingOptions, ITrainingEngine> _createEngine;

    /// <summary>What the card of the weights to start from says that still holds, as they are not trained.</summary>
    private readonly Dictionary<string, string> _kept = [];

    /// <summary>Prepares a run; nothing is read yet.</summary>
    /// <param name="options">What the run does.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Trainer(TrainingOptions options)
        : this(options, (state, settings) => new ManagedEngine(state, settings))
    {
    }

    /// <summary>Prepares a run whose steps something else computes.</summary>
    internal Trainer(TrainingOptions options, Func<TrainingState, TrainingOptions, ITrainingEngine> createEngine)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, _createEngine) = (options, createEngine);
    }

    private bool IsNoisyDistortion => _options.Recipe == TrainingRecipe.NoisyDistortion;

    /// <summary>Runs to the end, and writes the weights of the best validation to the output.</summary>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellationToken">Stops the run after the step under way, with a checkpoint.</param>
    /// <returns>The best validation.</returns>
    /// <exception cref="ArgumentException">
    /// A folder has too few pictures, the architecture is unknown, or the crop size is no multiple of the model's stride.
    /// </exception>
    /// <exception cref="InvalidFileException">
    /// Pictures, the checkpoint or the weights to start from can't be read; or the checkpoint is of a run with other options, or the weights are of an
    /// architecture that this one can't start from.
    /// </exception>
    /// <exception cref="InvalidOperationException">The loss is no longer finite; a lower learning rate may help.</exception>
    /// <exception cref="IOException">A file can't be read or written, or there is no such file or folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; resume it to go on.</exception>
    public ValidationResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using Autoencoder model = ModelFactory.Create(_options.Architecture, _options.Seed, _options.MaxThreads, _options.Loss(1, _options.BatchSize));
        int unit = model.Network.CropUnit;
        if (_options.CropSize % unit != 0)
        {
            throw new ArgumentException(
                $"The crop size must be a multiple of {unit}, the stride of «{_options.Architecture}», but is {_options.CropSize}.");
        }

        PictureSet pictures = PictureSet.Read(_options.Folders, _options.SkipUnreadable, _options.Warnings);
        if (_options.StartPath is { } start && !_options.Resume)
        {
            WeightsFile weights = WeightsFile.Read(File.ReadAllBytes(start));
            Transplant.Run(model, weights);
            if (_options.Epochs == 0 && ModelCard.Of(weights).IsVisual)
            {
                _kept[ModelCard.DistortionKey] = ModelCard.VisualDistortion;
            }
        }

        if (_options.StartPath is null && !IsNoisyDistortion)
        {
            model.Network.InitializeForTraining(new RandomSource(_options.Seed));
        }

        TrainingState state = new(model, _options.MaxThreads);
        using ITrainingEngine engine = _createEngine(state, _options);
        if (_options.Resume)
        {
            state.Load(File.ReadAllBytes(_options.CheckpointPath), _options.Description);
            if (state.Epoch >= _options.Epochs && state.Best is null)
            {
                throw new InvalidFileException(CheckpointMetadata.Format, $"it says that all {state.Epoch} epochs are done, but has no validation.");
            }
        }

        engine.Load();
        BatchCutter cutter = new(pictures.Training, _options);
        TrainingLog log = new(_options.LogPath, state.Epoch);
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan lastCheckpoint = TimeSpan.Zero;
        int firstEpoch = state.Epoch;
        ValidationResult? validation = _options.Epochs == 0 ? Validate(state, pictures) : null;
        while (state.Epoch < _options.Epochs)
        {
            double[] means;
            try
            {
                means = RunEpoch(engine, cutter, state, () =>
                {
                    if (clock.Elapsed - lastCheckpoint >= _options.CheckpointInterval)
                    {
                        Save();
                    }
                }, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Save();
                throw;
            }

            if (state.Epoch % _options.EpochsPerValidation == 0 || state.Epoch == _options.Epochs)
            {
                engine.Store();
                validation = Validate(state, pictures);
                log.Add(validation, means[0], clock.Elapsed);
                Save();
                if (state.Best == validation)
                {
                    WriteWeights(state, pictures);
                }
            }

            progress?.Report(new TrainingProgress(
                state.Epoch,
                _options.Epochs,
                means[0],
                -10 * Math.Log10(means[1]),
                means[2],
                validation,
                state.Best,
                clock.Elapsed,
                clock.Elapsed / (state.Epoch - firstEpoch) * (_options.Epochs - state.Epoch)));
        }

        WriteWeights(state, pictures);
        return state.Best!;

        void Save()
        {
            engine.Store();
            state.Save(_options.CheckpointPath, _options.Description);
            lastCheckpoint = clock.Elapsed;
        }
    }

    /// <summary>Fits what is fitted beside the weights, sees how good they are, and keeps them if they are the best so far.</summary>
    private ValidationResult Validate(TrainingState state, PictureSet pictures)
    {
        ValidationResult validation = state.With(state.Average.Values, average =>
        {
            Fit(average, pictures);
            return Validator.Run(average, pictures.Validation, _options, state.Epoch);
        });
        if (state.Best is null || validation.Cost < state.Best.Cost)
        {
            state.Best = validation;
            state.BestValues = [.. state.Average.Values.Select(values => (float[])values.Clone())];
        }

        return validation;
    }

    /// <summary>Runs the steps of an epoch that are still to do.</summary>
    /// <returns>The epoch's means: loss, squared error, rate.</returns>
    private double[] RunEpoch(ITrainingEngine engine, BatchCutter cutter, TrainingState state, Action afterStep, CancellationToken cancellationToken)
    {
        int[] order = [.. Enumerable.Range(0, cutter.PictureCount)];
        new RandomSource(_options.Seed, 1, state.Epoch).Shuffle(order);
        int steps = (order.Length + _options.BatchSize - 1) / _options.BatchSize;
        while (state.StepInEpoch < steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int first = state.StepInEpoch * _options.BatchSize;
            int[] batch = order[first..Math.Min(first + _options.BatchSize, order.Length)];
            int done = state.Optimizer.StepCount;
            StepResult result = engine.Step(cutter.Cut(batch, state), LearningRate(done, steps), RateWeight(done, steps));
            if (!double.IsFinite(result.Loss))
            {
                throw new InvalidOperationException($"The loss is no longer finite in epoch {state.Epoch + 1}; try a lower learning rate.");
            }

            state.StepInEpoch++;
            state.EpochSums[0] += result.Loss;
            state.EpochSums[1] += result.MeanSquaredError;
            state.EpochSums[2] += result.BitsPerPixel;
            afterStep();
        }

        double[] means = [.. state.EpochSums.Select(sum => sum / steps)];
        Array.Clear(state.EpochSums);
        state.StepInEpoch = 0;
        state.Epoch++;
        return means;
    }

    /// <summary>Rises over the first steps, then falls along a cosine to nearly nothing (Loshchilov and Hutter, 2017).</summary>
    private double LearningRate(int step, int stepsPerEpoch)
    {
        if (IsNoisyDistortion)
        {
            return _options.LearningRate;
        }

        double all = (double)_options.Epochs * stepsPerEpoch;
        double warmUp = WarmUp * all;
        return step < warmUp
            ? _options.LearningRate * (step + 1) / (warmUp + 1)
            : _options.LearningRate * (0.01 + 0.99 * 0.5 * (1 + Math.Cos(Math.PI * (step - warmUp) / (all - warmUp))));
    }

    private double RateWeight(int step, int stepsPerEpoch) =>
        Math.Clamp((step / ((double)_options.Epochs * stepsPerEpoch) - RateStart) / (RateFull - RateStart), 0, 1);

    /// <summary>What is fitted beside the weights follows from them and the training pictures, so that no checkpoint needs to keep it.</summary>
    private void Fit(Autoencoder model, PictureSet pictures) => model.Network.Fit(model, pictures.Training, _options.CropSize);

    private void WriteWeights(TrainingState state, PictureSet pictures)
    {
        if (state.BestValues is null || state.Best is not { } best)
        {
            return;
        }

        static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
        byte[] file = state.With(state.BestValues, model =>
        {
            Fit(model, pictures);
            Dictionary<string, string> card = new(model.Network.CardOfTraining(_options.Loss(1, _options.BatchSize)).Concat(_kept))
            {
                ["recipe"] = _options.Description,
                ["data"] = FormattableString.Invariant($"{pictures.Training.Count} pictures to train on, {pictures.Validation.Count} to validate with"),
                ["epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture),
                ["validation_plain_psnr"] = Text(best.PlainPsnr),
                ["validation_psnr"] = Text(best.Psnr),
                ["validation_bpp"] = Text(best.BitsPerPixel),
            };
            WeightPrecision precision = _options.WeightBits switch
            {
                8 => WeightPrecision.Byte,
                16 => WeightPrecision.Half,
                _ => WeightPrecision.Single,
            };

            // The fingerprint is that of the weights as they are kept.
            WeightsFile kept = WeightsFile.Read(Safetensors.ToBytes(model.Network.ToWeightsFile(card), precision));
            card[ModelCard.FingerprintKey] = ModelWeights.Fingerprint(model.Network, kept).ToString();
            return Safetensors.ToBytes(model.Network.ToWeightsFile(card), precision);
        });
        AtomicFile.Write(_options.OutputPath, stream => stream.Write(file));
    }
}
