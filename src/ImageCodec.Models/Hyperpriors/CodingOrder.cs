using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>One step of the order in which a latent is coded: half of the positions of a channel group.</summary>
/// <param name="group">The group.</param>
/// <param name="positions">Which of its positions.</param>
/// <param name="prediction">What predicts their values.</param>
/// <param name="coded">The group as far as it is known.</param>
internal sealed class CodingStep(ChannelGroup group, Positions positions, Prediction prediction, Tensor coded)
{
    public ChannelGroup Group => group;

    public Positions Positions => positions;

    public Prediction Prediction => prediction;

    /// <summary>
    /// The group's values as the decoder sees them, zero where they are not known yet. Whoever takes the step fills in its positions, or puts another
    /// tensor in its place that has them.
    /// </summary>
    public Tensor Coded { get; set; } = coded;
}

/// <summary>The order in which a latent is coded: group after group, in each the anchors and then the other positions. Coding, refining and training all walk it.</summary>
internal static class CodingOrder
{
    /// <summary>Walks through a latent. Each step's values must be set before the next step is asked for, as that is predicted from them.</summary>
    /// <param name="scope">The run, to which all tensors belong; unless it records, those of a step are gone with the next one.</param>
    /// <param name="groups">The channel groups.</param>
    /// <param name="parameters">The entropy parameters that the hyper-latent gives; taken over.</param>
    public static IEnumerable<CodingStep> Walk(ComputeScope scope, IReadOnlyList<ChannelGroup> groups, Tensor parameters)
    {
        Tensor? previous = null;
        foreach (ChannelGroup group in groups)
        {
            if (previous is not null)
            {
                Tensor informed = ChannelGroup.AddContext(scope, group.ChannelContext!, parameters, previous);
                scope.ReleaseUnlessRecording(parameters);
                scope.ReleaseUnlessRecording(previous);
                parameters = informed;
            }

            Tensor coded = scope.CreateZero(parameters.Count, parameters.Shape with { Channels = group.Channels });
            foreach (Positions positions in new[] { Positions.Anchor, Positions.NonAnchor })
            {
                CodingStep step = new(group, positions, group.Predict(scope, parameters, positions, coded), coded);
                yield return step;
                scope.ReleaseUnlessRecording(step.Prediction.Tensor);
                coded = step.Coded;
            }

            previous = coded;
        }
    }
}
