using System.Globalization;
using System.Text.RegularExpressions;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Training.Tests;

/// <summary>training/train_hyperprior.py by one process, by two, and killed and gone on with.</summary>
public class PythonTrainingTests
{
    private const int Steps = 6;
    private readonly TemporaryFolder _folder = new();
    private double[] _losses = [];

    [OneTimeSetUp]
    public void Train()
    {
        PythonRun.RequirePython();
        foreach ((string name, int side) in new[] { ("photos", 320), ("small", 128) })
        {
            Directory.CreateDirectory(_folder.File(name));
            TestPictures.WriteFolder(_folder.File(name), 3, side, side);
        }

        _losses = LossesOf(PythonRun.Run(1, Arguments("alone")));
        Assert.That(_losses, Has.Length.EqualTo(Steps));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Two_processes_learn_what_one_does()
    {
        double[] losses = LossesOf(PythonRun.Run(2, Arguments("both")));

        Assert.That(losses, Is.EqualTo(_losses).Within(0.001));
        float[] start = ReadWeights(PythonRun.Weights);
        float[] alone = ReadWeights(_folder.File("alone"));
        Assert.That(Distance(alone, ReadWeights(_folder.File("both"))), Is.LessThan(0.02 * Distance(alone, start)));
    }

    [Test]
    public void A_run_that_was_killed_goes_on_with_another_number_of_processes()
    {
        string[] arguments = [.. Arguments("rest"), "--checkpoint", _folder.File("run.pt"), "--resume"];
        PythonRun.Run(2, arguments, killAt: $"step {Steps / 2},");
        double[] losses = LossesOf(PythonRun.Run(1, arguments));

        // The state is written before the line, so nothing of the step that was told is done again.
        Assert.That(losses, Has.Length.InRange(1, Steps / 2));
        Assert.That(losses, Is.EqualTo(_losses[^losses.Length..]).Within(0.001));
    }

    [Test]
    public void Weights_for_the_eye_are_trained_by_another_error_and_marked()
    {
        double[] losses = LossesOf(PythonRun.Run(1, [.. Arguments("visual"), "--visual"]));

        Assert.That(losses, Has.Length.EqualTo(Steps));
        Assert.That(losses.Zip(_losses, (visual, squared) => Math.Abs(visual - squared)), Is.All.GreaterThan(0.001));
        Assert.That(CardOf("visual").IsVisual);
        Assert.That(CardOf("alone").IsVisual, Is.False);
    }

    [Test]
    public void A_batch_that_cannot_be_divided_is_refused()
    {
        (string errors, int status) = PythonRun.Refuse(2, [.. Arguments("none"), "--batch", "3"]);

        Assert.That(status, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("--batch 3 cannot be divided among 2 processes"));
    }

    [Test]
    public void Going_on_needs_a_checkpoint()
    {
        (string errors, int status) = PythonRun.Refuse(1, [.. Arguments("none"), "--resume"]);

        Assert.That(status, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("--resume needs --checkpoint"));
    }

    /// <summary>After each step it validates and says the loss, here of steps of one or two pieces.</summary>
    private string[] Arguments(string output) =>
    [
        _folder.File("photos"), "--small", _folder.File("small"), "--start-from", PythonRun.Weights, "--output", _folder.File(output),
        "--steps", Steps.ToString(CultureInfo.InvariantCulture), "--batch", "2", "--check-every", "0.001",
    ];

    private ModelCard CardOf(string output) => ModelCard.Of(WeightsFile.Read(File.ReadAllBytes(_folder.File(output))));

    private static double[] LossesOf(List<string> lines) =>
    [
        .. lines.Select(line => Regex.Match(line, @"^step \d+, \d+ s, loss (\S+)$")).Where(match => match.Success)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    /// <summary>All that is trained, in the order of names.</summary>
    private static float[] ReadWeights(string path)
    {
        IEnumerable<NamedTensor> trained = WeightsFile.Read(File.ReadAllBytes(path)).Tensors.Where(tensor => tensor.Name != "table_corrections");
        return [.. trained.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).SelectMany(tensor => tensor.Values)];
    }

    private static double Distance(float[] a, float[] b)
    {
        Assert.That(a, Has.Length.EqualTo(b.Length));
        return Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * (x - y)).Sum());
    }
}
