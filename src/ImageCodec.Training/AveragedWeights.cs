using System.Numerics;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Training;

/// <summary>A running average of parameters (Polyak and Juditsky, 1992), which validates better than where the last step happened to land.</summary>
internal sealed class AveragedWeights
{
    private const float Decay = 0.998f;

    private readonly IReadOnlyList<Parameter> _parameters;

    public AveragedWeights(IReadOnlyList<Parameter> parameters)
    {
        _parameters = parameters;
        Values = [.. parameters.Select(parameter => parameter.Values.ToArray())];
    }

    /// <summary>The averages, one array for each parameter, in kernel order.</summary>
    public float[][] Values { get; }

    /// <summary>What the parameters count after so many steps: the first ones more, so that the start is soon forgotten.</summary>
    public static float Weight(int step) => Math.Max(1 - Decay, 1f / (step + 1));

    /// <summary>Takes in the parameters as they are after a step.</summary>
    public void Update(int step)
    {
        float weight = Weight(step);
        for (int p = 0; p < Values.Length; p++)
        {
            Span<float> average = Values[p];
            ReadOnlySpan<float> current = _parameters[p].Values;
            int i = 0;
            for (; i <= average.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> old = new(average[i..]);
                (old + weight * (new Vector<float>(current[i..]) - old)).CopyTo(average[i..]);
            }

            for (; i < average.Length; i++)
            {
                average[i] += weight * (current[i] - average[i]);
            }
        }
    }
}
