using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Tests;

/// <summary>The hyperprior model's transforms and its loss against PyTorch's with the same weights, inputs and noise.</summary>
public class HyperpriorParityTests
{
    private const double Tolerance = 1e-5;

    /// <summary>How many channels each group of the latent has.</summary>
    private static readonly int[] s_channels = [32, 64, 224];

    private readonly HyperpriorFixture _fixture = HyperpriorFixture.Instance;
    private HyperpriorParts _parts = null!;

    [OneTimeSetUp]
    public void Create()
    {
        _parts = new HyperpriorParts();
        _fixture.Fill(_parts.Parameters);
    }

    [OneTimeTearDown]
    public void Dispose() => _parts.Dispose();

    [Test]
    public void Parameters_have_PyTorchs_names_and_shapes()
    {
        Assert.That(_parts.Parameters.Select(p => p.Name), Is.EquivalentTo(_fixture.ParameterNames));
        foreach ((string name, Parameter parameter) in _parts.Parameters)
        {
            Assert.That(parameter.Layout.FileShape, Is.EqualTo(_fixture.ShapeOf(name)), name);
        }
    }

    [TestCase("analysis")]
    [TestCase("synthesis")]
    [TestCase("hyper-analysis")]
    [TestCase("hyper-synthesis")]
    public void Transforms_are_PyTorchs(string stage) => _fixture.Stage(stage).AssertNear(Run(stage), Tolerance, stage);

    [Test]
    public void Predictions_are_PyTorchs([Range(0, 2)] int group, [Values("anchor", "other")] string positions)
    {
        string stage = $"group-{group}-{positions}";

        _fixture.Stage(stage).AssertNear(Run(stage), Tolerance, $"{stage} in the codec");
        _fixture.Stage(stage).AssertNear(RunGroup(group, positions, isTraining: true), Tolerance, $"{stage} in training");
    }

    /// <summary>Guards the tests of transforms against tolerances in which a layer or its bias would not be missed.</summary>
    [Test]
    public void Any_parameter_would_be_missed()
    {
        foreach ((string name, Parameter parameter) in _parts.Parameters)
        {
            string? stage = name.Split('.') switch
            {
                ["encoder", ..] => "analysis",
                ["decoder", ..] => "synthesis",
                ["hyper_analysis", ..] => "hyper-analysis",
                ["hyper_synthesis", ..] => "hyper-synthesis",
                ["slices", string group, ..] => $"group-{group}-other",
                _ => null,
            };
            if (stage is null)
            {
                Assert.That(name, Is.AnyOf("log_gains", "log_inverse_gains", "offsets", "prior.means", "prior.log_scales"), "no transform has it");
                continue;
            }

            float[] values = parameter.Values.ToArray();
            parameter.Values.Clear();
            parameter.Changed();
            Assert.That(_fixture.Stage(stage).Farthest(Run(stage)).Distance, Is.GreaterThan(10 * Tolerance), name);
            values.CopyTo(parameter.Values);
            parameter.Changed();
        }
    }

    [Test]
    public void Loss_and_gradients_are_PyTorchs()
    {
        using ComputeScope scope = new(_parts.Workspace, 2, recording: true);
        Tensor pictures = Given(scope, "pictures", _fixture.PictureShape, 0.5, 0.5);
        foreach ((_, Parameter parameter) in _parts.Parameters)
        {
            parameter.Gradient.Clear();
        }

        StepResult result = _parts.RunLoss(scope, pictures, Sources());

        Assert.That(result.MeanSquaredError, Is.EqualTo(_fixture.Figure("mean_squared_error")).Within(100 * Tolerance).Percent);
        Assert.That(result.BitsPerPixel, Is.EqualTo(_fixture.Figure("bits_per_pixel")).Within(100 * Tolerance).Percent);
        Assert.That(result.Loss, Is.EqualTo(_fixture.Figure("loss")).Within(100 * Tolerance).Percent);
        Assert.Multiple(() =>
        {
            foreach ((string name, Parameter parameter) in _parts.Parameters)
            {
                float[] fileOrder = new float[parameter.Length];
                parameter.Layout.ToFile(parameter.Gradient, fileOrder);
                _fixture.GradientOf(name).AssertNear(fileOrder, 1e-4, $"gradient of {name}");
            }
        });
    }

    /// <summary>The library's measure of a picture's detail treats the picture's edges more simply; all else is the same.</summary>
    [Test]
    public void Rates_and_what_pictures_count_are_PyTorchs()
    {
        float[] rates = [.. Sources().Select(HyperpriorParts.DrawRate)];
        TensorShape shape = _fixture.PictureShape;
        float[] pictures = NetworkFixture.Numbers("pictures", HyperpriorFixture.Count * shape.Length, 0.5, 0.5);
        double[] weights = HyperpriorParts.Weights(rates, pictures, shape.Width);

        Assert.That(rates, Is.EqualTo(_fixture.Figures("rates")).Within(1e-5).Percent);
        Assert.That(weights, Is.EqualTo(_fixture.Figures("weights")).Within(1e-4).Percent);
        Assert.That(weights, Is.EqualTo(_fixture.Figures("pytorch_weights")).Within(1).Percent);
    }

    private RandomSource[] Sources() => [.. Enumerable.Range(0, HyperpriorFixture.Count).Select(picture => new RandomSource(_fixture.Seed, picture))];

    /// <summary>A stage by its name in the fixture, on the input that is given there.</summary>
    private float[] Run(string stage) => stage.Split('-') switch
    {
        ["group", string group, string positions] => RunGroup(group[0] - '0', positions, isTraining: false),
        ["analysis"] => Run(_parts.Analysis, stage, new TensorShape(64, 96, 3), 0.5, 0.5),
        ["synthesis"] => Run(_parts.Synthesis, stage, new TensorShape(4, 6, 320), 1),
        [_, "analysis"] => Run(_parts.HyperAnalysis, stage, new TensorShape(8, 12, 320), 4),
        _ => Run(_parts.HyperSynthesis, stage, new TensorShape(2, 3, 64), 4),
    };

    private float[] Run(Layer transform, string stage, TensorShape shape, double scale, double offset = 0)
    {
        using ComputeScope scope = new(_parts.Workspace, 2);
        return transform.Forward(scope, Given(scope, stage, shape, scale, offset)).Span.ToArray();
    }

    private float[] RunGroup(int group, string positions, bool isTraining)
    {
        TensorShape shape = new(8, 12, 192);
        using ComputeScope scope = new(_parts.Workspace, 2, recording: isTraining);
        Tensor parameters = Given(scope, $"parameters-{group}", shape, 1);
        if (group > 0)
        {
            Tensor previous = Given(scope, $"previous-{group}", shape with { Channels = s_channels[group - 1] }, 4);
            parameters = _parts.AddChannelContext(scope, group, parameters, previous);
        }

        Tensor anchors = Given(scope, $"anchors-{group}", shape with { Channels = s_channels[group] }, 4);
        Clear(anchors, 1);
        Tensor predicted = _parts.Predict(scope, group, parameters, anchors, areAnchors: positions == "anchor");
        return isTraining ? Half(predicted, positions == "anchor" ? 0 : 1) : predicted.Span.ToArray();
    }

    private static Tensor Given(ComputeScope scope, string name, TensorShape shape, double scale, double offset = 0)
    {
        Tensor tensor = scope.Create(HyperpriorFixture.Count, shape);
        NetworkFixture.Numbers(name, (int)tensor.Length, scale, offset).CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>Clears one field of a checkerboard.</summary>
    private static void Clear(Tensor tensor, int half)
    {
        for (int place = 0; place < tensor.Count * tensor.Height * tensor.Width; place++)
        {
            if ((place / tensor.Width % tensor.Height + place % tensor.Width) % 2 == half)
            {
                tensor.Span.Slice(place * tensor.Channels, tensor.Channels).Clear();
            }
        }
    }

    /// <summary>The places of one field, row by row.</summary>
    private static float[] Half(Tensor tensor, int half) =>
    [
        .. Enumerable.Range(0, tensor.Count * tensor.Height * tensor.Width)
            .Where(place => (place / tensor.Width % tensor.Height + place % tensor.Width) % 2 == half)
            .SelectMany(place => tensor.Span.Slice(place * tensor.Channels, tensor.Channels).ToArray()),
    ];
}
