using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;
using static ImageCodec.Models.Stacks;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>
/// The model for any photo at any rate. Linear transforms that overlap, at an eighth of the picture's sides, where a pixel's share of a wide layer is small: blocks of
/// 8×8 pixels become channels at once (after DCVC-RT, Jia et al., 2025), and the latent lies at a sixteenth. What is not linear are filters of the
/// pixels before and after, where edges look the same wherever they lie (after Dai, Liu and Wu, 2017, who mend what video codecs decode). Those of
/// the decoder work at half size and then at full size, and see more than colours: what else the linear layers tell them of a place.
/// </summary>
internal sealed class HyperpriorNetwork : Network
{
    public const int Colours = 3;

    /// <summary>Sides of the blocks of pixels that become channels.</summary>
    public const int Block = 8;

    /// <summary>What the last filter of the decoder reads for each pixel: its colours, and one more value.</summary>
    public const int Planes = 4;

    /// <summary>What the filter before that reads for each 2×2 pixels: (row, column, plane), and eight more values.</summary>
    public const int HalfSizeChannels = 4 * Planes + 8;

    private const int Width = 128;
    private const int Latent = 320;

    /// <summary>Levels at which models are validated, as shares of their range; the first gives the figures beside the cost.</summary>
    private static readonly double[] ValidationShares = [0.5, 0.15, 0.85];

    public HyperpriorNetwork()
        : base(
            Architectures.Hyperprior,
            Encoder(
                ("filter", CreateFilter(Colours, 16, 16, Colours)),
                ("0", new SpaceToDepth(Block)),
                ("1", Convolve(Colours * Block * Block, Width, 3, 1, Activation.None)),
                ("2", Convolve(Width, Latent, 3, 2, Activation.None))),
            Decoder(
                ("0", ConvolutionLayer.Transpose(Latent, Width, 4, 2, 1, 0, Activation.None)),
                ("1", Convolve(Width, HalfSizeChannels * Block * Block / 4, 3, 1, Activation.None)),
                ("2", new DepthToSpace(Block / 2)),
                ("half_filter", CreateFilter(HalfSizeChannels, 32, 32, 4 * Planes)),
                ("3", new DepthToSpace(2)),
                ("filter", CreateFilter(Planes, 16, 16, 16, Colours))),
            2 * Block,
            Latent)
    {
    }

    /// <summary>What the latent's distribution is predicted with.</summary>
    public EntropyModel EntropyModel { get; } = new(Latent);

    public override int CropUnit => Stride * HyperLatent.Stride;

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters => [.. base.Parameters, .. EntropyModel.Parameters];

    public override IEnumerable<ConvolutionLayer> Convolutions => [.. base.Convolutions, .. EntropyModel.Convolutions];

    public override IEnumerable<NamedTensor> Fitted => EntropyModel.Tables.Tensors;

    public override IReadOnlyList<string> FittedNames => HyperpriorTables.Names;

    /// <inheritdoc/>
    /// <remarks>Muon suits the wide layers of the transforms; what predicts distributions learns faster by Adam (docs/lab/hyperprior.md).</remarks>
    public override IEnumerable<Parameter> MuonParameters => Blocks.OfType<ConvolutionLayer>().SelectMany(layer => layer.Parameters).Select(p => p.Parameter);

    public override (long Encoder, long Decoder) CountEntropyOperations(TensorShape latent)
    {
        long prediction = EntropyModel.CountPredictionOperations(latent);
        return (EntropyModel.HyperLatent.Analysis.CountOperations(latent) + prediction, prediction);
    }

    public override void Initialize(RandomSource random)
    {
        foreach (ConvolutionLayer layer in Convolutions)
        {
            Initialization.Xavier(layer, random);
        }

        DctInitialization.Run(this);
        EntropyModel.Initialize();
    }

    public override void LoadFitted(WeightsFile file) => EntropyModel.Tables = HyperpriorTables.Read(file);

    public override void Fit(Autoencoder model, IReadOnlyList<RgbImage> pictures, int side) => EntropyModel.Tables = TableEstimate.Of(this, model, pictures);

    /// <inheritdoc/>
    /// <remarks>Latents are refined by squared error, which would undo what weights for the eye have learnt.</remarks>
    public override LatentCoding CreateLatentCoding(ModelCard card, Workspace workspace, int maxThreads)
    {
        EntropyModel.Tables.Prepare();
        HyperpriorLatentCodec codec = new(EntropyModel, workspace, maxThreads);
        return new LatentCoding(codec, card.IsVisual ? null : new LatentRefinement(this, codec, workspace, maxThreads));
    }

    public override string DescribeLatentCodec(ModelCard card) => "trellis quantiser, table coder";

    public override void SkipQuantization(Span<float> latent, int level)
    {
        float rate = RateGains.RateOf(level);
        float[] gains = EntropyModel.Gains.Gains(rate);
        for (int place = 0; place < latent.Length; place += LatentChannels)
        {
            Span<float> values = latent.Slice(place, LatentChannels);
            RateGains.Apply(values, gains, values);
        }

        EntropyModel.Gains.Inverse(rate).Run(latent, latent);
    }

    public override StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random, LossOptions options) =>
        HyperpriorLoss.Run(scope, this, pictures, random, options.BatchCount);

    public override IReadOnlyList<ValidationLevel> ValidationLevels(LossOptions options) =>
    [
        .. from share in ValidationShares
           let level = 1 + (int)Math.Round(share * (RateGains.LevelCount - 1))
           let rate = RateGains.RateOf(level)
           select new ValidationLevel(level, RateGains.Lambda(rate), HyperpriorLoss.Weight(rate)),
    ];

    /// <summary>Convolutions of the given widths with ReLU between, whose result is added to the first channels of what they read.</summary>
    private static ResidualBlock CreateFilter(params int[] widths) => new([.. Enumerable.Range(0, widths.Length - 1).Select(i =>
        ($"{i}", (Layer)Convolve(widths[i], widths[i + 1], 3, 1, i == widths.Length - 2 ? Activation.None : Activation.Relu)))]);
}
