using ImageCodec.Training;
using static TorchSharp.torch;

namespace ImageCodec.TorchSharp;

/// <summary>
/// The library's trainer with its steps computed by TorchSharp, on a GPU for example: the same recipes, losses, optimisers, log and checkpoints. A run begun
/// by one can be resumed by the other.
/// </summary>
/// <remarks>
/// Weights are validated with the library's own network and real files, and written as the library's weights files: what was trained on a
/// GPU decodes to the same pixels everywhere. Steps themselves are equal to the library's own within rounding. One run at a time.
/// Trainers with different outputs may run on different threads.
/// </remarks>
public sealed class TorchTrainer
{
    private readonly Trainer _trainer;

    /// <summary>Prepares a run; nothing is read yet.</summary>
    /// <param name="options">What the run does. <see cref="TrainingOptions.MaxThreads"/> bounds what the library does itself; TorchSharp has settings of its own.</param>
    /// <param name="device">Where steps are computed; null for the CPU.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TorchTrainer(TrainingOptions options, Device? device = null) =>
        _trainer = new Trainer(options, (state, settings) => new TorchEngine(state, settings, device ?? CPU));

    /// <inheritdoc cref="Trainer.Run"/>
    public ValidationResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _trainer.Run(progress, cancellationToken);
}
