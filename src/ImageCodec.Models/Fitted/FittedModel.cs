using ImageCodec.Models.Compressor;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Models.Fitted;

/// <summary>The model <c>fitted</c> among the others. What its weights file holds are the priors: the networks themselves are in each picture's file.</summary>
internal static class FittedModel
{
    /// <summary>What the weights file calls its architecture. Nothing can be trained under that name.</summary>
    public const string Architecture = "fitted";

    /// <summary>What the fingerprint's description begins with: all of decoding that is not in the priors.</summary>
    public const string Description = "fitted, integer networks, Laplace grids, binary range coder";

    /// <summary>Why there are no stages, as one sentence.</summary>
    public const string WithoutStages = "its weights are where fitting begins, and each picture's file holds the networks that restore it.";

    /// <summary>The side of the picture that operations are counted with.</summary>
    private const int CountedSide = 512;

    private static readonly (string Name, int[] Shape)[] s_tensors =
    [
        .. FittedLayout.All.SelectMany(layout => new (string Name, int[] Shape)[]
        {
            (FittedPriors.MeansName(layout), [PriorAnchors.Count, layout.Count]),
            (FittedPriors.ScalesName(layout), [layout.Count]),
        }),
    ];

    /// <summary>What the model costs, with the larger one of its decoders.</summary>
    public static ModelCost Cost { get; } = new(Architecture, FittedLayout.Large.Count, null, CountOperations(FittedLayout.Large));

    /// <summary>Whether a weights file holds priors, just these.</summary>
    public static bool Fits(WeightsFile weights) => weights.Tensors.Count == s_tensors.Length && s_tensors.All(wanted =>
        weights.TryGet(wanted.Name, out NamedTensor? tensor) && tensor.Shape.AsSpan().SequenceEqual(wanted.Shape));

    /// <summary>The fingerprint of files that are made with some priors.</summary>
    public static CodecFingerprint Fingerprint(WeightsFile weights) =>
        ModelWeights.Fingerprint(Description, s_tensors.Select(tensor => weights.Get(tensor.Name).Values));

    /// <summary>Makes the compressor.</summary>
    /// <param name="weights">The priors, which must be those of the library: they belong to the format, so that there is one set of them.</param>
    /// <param name="maxThreads">Threads to use at most for one picture; 0 for all cores.</param>
    /// <param name="fingerprint">The fingerprint where it is known for certain.</param>
    /// <exception cref="InvalidFileException">They are others.</exception>
    public static ImageCompressor Load(WeightsFile weights, int maxThreads, CodecFingerprint? fingerprint)
    {
        CodecFingerprint own = PretrainedModel.Get(FittedPriors.ModelName).Fingerprint;
        CodecFingerprint given = fingerprint ?? Fingerprint(weights);
        return given == own
            ? new ImageCompressor(new FittedCodec(maxThreads), own)
            : throw new InvalidFileException(
                weights.Format,
                $"the file holds priors of the model «{FittedPriors.ModelName}» with the fingerprint {given}, but this library has those of {own}; they belong to the " +
                "format and can't be exchanged.");
    }

    /// <summary>Multiply-accumulate operations that a decoder takes for a pixel.</summary>
    public static double CountOperations(FittedLayout layout)
    {
        int grids = FittedLayout.GridCount(CountedSide, CountedSide);
        int inputs = FittedLayout.Inputs;
        int colors = FittedLayout.Colors;
        double synthesis = layout.Hidden * (FittedLayout.MaxGrids + colors) + 2 * FittedLayout.ColorFilter + colors * FittedLayout.MaxGrids;
        double count = synthesis * Places(0);
        for (int grid = 0; grid < grids; grid++)
        {
            count += Places(grid) * (2.0 * inputs * inputs + 4 * inputs);
            if (grid + 1 < grids)
            {
                count += Places(grid + 1) * FittedLayout.Features * FittedLayout.CoarseValues;
            }

            // Doubling: columns first, with half the rows, then rows.
            for (int step = grid; step > 0; step--)
            {
                count += Places(step - 1) * FittedLayout.FilterTaps * 1.5;
            }
        }

        return count / Places(0);

        static double Places(int grid) => Math.Pow(FittedLayout.GridSide(CountedSide, grid), 2);
    }
}
