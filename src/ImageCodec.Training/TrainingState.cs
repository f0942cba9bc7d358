using System.Globalization;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Training;

/// <summary>Everything that a run needs to go on exactly where it was, and the checkpoint file that holds it.</summary>
internal sealed class TrainingState
{
    private readonly (string Name, Parameter Parameter)[] _parameters;

    /// <param name="model">What is trained.</param>
    /// <param name="maxThreads">Threads that the optimiser may use; 0 for all cores.</param>
    public TrainingState(Autoencoder model, int maxThreads = 0)
    {
        Model = model;
        _parameters = [.. model.Network.Parameters];
        Parameters = [.. _parameters.Select(p => p.Parameter)];
        Optimizer = new Optimizer(Parameters, model.Network.MuonParameters, maxThreads);
        Average = new AveragedWeights(Parameters);
    }

    /// <summary>What is trained.</summary>
    public Autoencoder Model { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public Optimizer Optimizer { get; }

    public AveragedWeights Average { get; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps done of the epoch under way.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>Sums over the steps done of the epoch under way: loss, squared error, rate.</summary>
    public double[] EpochSums { get; } = new double[3];

    public ValidationResult? Best { get; set; }

    /// <summary>The weights of <see cref="Best"/>, in kernel order.</summary>
    public float[][]? BestValues { get; set; }

    /// <summary>Writes the checkpoint; the one before stays whole until this one is complete.</summary>
    public void Save(string path, string description)
    {
        Dictionary<string, string> metadata = new()
        {
            ["options"] = description,
            ["epoch"] = Text(Epoch),
            ["step_in_epoch"] = Text(StepInEpoch),
            ["steps"] = Text(Optimizer.StepCount),
            ["epoch_sums"] = string.Join(' ', EpochSums.Select(Text)),
        };
        List<NamedTensor> tensors = [];
        for (int i = 0; i < _parameters.Length; i++)
        {
            (string name, Parameter parameter) = _parameters[i];
            tensors.Add(Pack(name, parameter.Values));
            tensors.Add(Pack("first_moment." + name, parameter.FirstMoment));
            tensors.Add(Pack("second_moment." + name, parameter.SecondMoment));
            tensors.Add(Pack("average." + name, Average.Values[i]));
            if (BestValues is not null)
            {
                tensors.Add(Pack("best." + name, BestValues[i]));
            }
        }

        if (Best is { } best)
        {
            metadata["best"] = string.Join(
                ' ', Text(best.Epoch), Text(best.PlainPsnr), Text(best.Psnr), Text(best.BitsPerPixel), Text(best.Cost));
        }

        byte[] file = Safetensors.ToBytes(new WeightsFile(tensors, metadata), WeightPrecision.Single);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    /// <summary>Goes back to where a checkpoint was written.</summary>
    /// <param name="file">The bytes of the checkpoint.</param>
    /// <param name="description">The options of the run.</param>
    /// <exception cref="InvalidFileException">It is damaged, or of a run with other options; the state is then of no use any more.</exception>
    public void Load(ReadOnlyMemory<byte> file, string description)
    {
        WeightsFile weights = WeightsFile.Read(file);
        CheckpointMetadata metadata = new(weights.Metadata);
        string options = metadata.Text("options");
        if (options != description)
        {
            throw new InvalidFileException(
                CheckpointMetadata.Format, $"it is of a run with other options ({options}), not these ({description}); give the same ones or another output.");
        }

        Epoch = metadata.Count("epoch");
        StepInEpoch = metadata.Count("step_in_epoch");
        Optimizer.StepCount = metadata.Count("steps");
        metadata.Numbers("epoch_sums", EpochSums.Length).CopyTo(EpochSums, 0);
        for (int i = 0; i < _parameters.Length; i++)
        {
            (string name, Parameter parameter) = _parameters[i];
            Unpack(weights, name, parameter.Values);
            Unpack(weights, "first_moment." + name, parameter.FirstMoment);
            Unpack(weights, "second_moment." + name, parameter.SecondMoment);
            Unpack(weights, "average." + name, Average.Values[i]);
            parameter.Changed();
        }

        if (weights.Metadata.ContainsKey("best"))
        {
            double[] best = metadata.Numbers("best", 5);
            Best = new ValidationResult((int)best[0], best[1], best[2], best[3], best[4]);
            BestValues = [.. _parameters.Select(p =>
            {
                float[] values = new float[p.Parameter.Length];
                Unpack(weights, "best." + p.Name, values);
                return values;
            })];
        }
    }

    /// <summary>Runs <paramref name="action"/> with other values in the parameters, and puts their own back.</summary>
    public T With<T>(float[][] values, Func<Autoencoder, T> action)
    {
        float[][] own = [.. Parameters.Select(parameter => parameter.Values.ToArray())];
        Set(values);
        try
        {
            return action(Model);
        }
        finally
        {
            Set(own);
        }
    }

    private void Set(float[][] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].CopyTo(Parameters[i].Values);
            Parameters[i].Changed();
        }
    }

    private static NamedTensor Pack(string name, ReadOnlySpan<float> values) => new(name, [values.Length], values.ToArray());

    private static void Unpack(WeightsFile file, string name, Span<float> values) => file.Get(name, [values.Length]).Values.CopyTo(values);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
