namespace ImageCodec.Training.Tests;

public class TrainingOptionsTests
{
    private static IEnumerable<TestCaseData> OutOfRange()
    {
        static TrainingOptions With(
            int epochs = 1, int batch = 1, int perValidation = 1, int interval = 2, double rate = 1, double lambda = 1, int bits = 1, double mixing = 0) => new()
            {
                Folder = "none",
                Architecture = "strided",
                OutputPath = "none",
                Epochs = epochs,
                BatchSize = batch,
                EpochsPerValidation = perValidation,
                ValidationInterval = interval,
                LearningRate = rate,
                Lambda = lambda,
                Bits = bits,
                Mixing = mixing,
            };
        yield return new TestCaseData(With(), null);
        yield return new TestCaseData(With(epochs: 0), nameof(TrainingOptions.Epochs));
        yield return new TestCaseData(With(batch: 0), nameof(TrainingOptions.BatchSize));
        yield return new TestCaseData(With(perValidation: 0), nameof(TrainingOptions.EpochsPerValidation));
        yield return new TestCaseData(With(interval: 1), nameof(TrainingOptions.ValidationInterval));
        yield return new TestCaseData(With(rate: 0), nameof(TrainingOptions.LearningRate));
        yield return new TestCaseData(With(rate: double.NaN), nameof(TrainingOptions.LearningRate));
        yield return new TestCaseData(With(lambda: 0), nameof(TrainingOptions.Lambda));
        yield return new TestCaseData(With(bits: 9), nameof(TrainingOptions.Bits));
        yield return new TestCaseData(With(mixing: 1.1), nameof(TrainingOptions.Mixing));
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_named(TrainingOptions options, string? name) => Assert.That(
        () => new Trainer(options),
        name is null ? Throws.Nothing : Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
}
