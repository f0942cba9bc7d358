using System.Globalization;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;
using static ImageCodec.Models.Stacks;

namespace ImageCodec.Models.Vaes;

/// <summary>
/// The variational autoencoders (Kingma and Welling, 2014): a latent of either sign, coded with the prior. Their encoder ends in two heads, of which only
/// training uses the second.
/// </summary>
internal sealed class VaeNetwork : Network
{
    /// <summary>The card's entry for the level where no rate is asked for.</summary>
    public const string LevelKey = "level";

    // The noise of a latent at first: a tenth of what values of the prior are.
    private const float FirstLogVariance = -4.6f;

    private VaeNetwork(
        string architecture, Sequential features, string featuresName, ConvolutionLayer mean, string meanName, ConvolutionLayer logVariance, string logVarianceName,
        Sequential decoder, int stride)
        : base(architecture, new Sequential((featuresName, features), (meanName, mean)), decoder, stride, mean.Bias.Length)
    {
        Features = features;
        Mean = mean;
        LogVariance = logVariance;
        LogVarianceName = logVarianceName;
        Prior = GaussianPrior.Standard(LatentChannels);
    }

    /// <summary>The encoder's layers before the two heads.</summary>
    public Sequential Features { get; }

    /// <summary>The head that the encoder ends with.</summary>
    public ConvolutionLayer Mean { get; }

    /// <summary>The other head.</summary>
    public ConvolutionLayer LogVariance { get; }

    /// <summary>The name of <see cref="LogVariance"/> in weights files.</summary>
    public string LogVarianceName { get; }

    /// <summary>What latents are coded with.</summary>
    public GaussianPrior Prior { get; private set; }

    /// <summary>
    /// 128 numbers for a picture of 128×128. The linear layers are convolutions over whole 4×4 maps, so that larger pictures
    /// give a grid of such latents, one for each 128×128.
    /// </summary>
    public static VaeNetwork CreateVae()
    {
        const int Latent = 128;
        int[] channels = [3, 32, 64, 128, 256, 512];
        Sequential features = new([.. Enumerable.Range(0, 5).Select(i =>
            ($"{2 * i}", (Layer)ConvolutionLayer.Convolve(channels[i], channels[i + 1], 4, 2, 1, Activation.Relu)))]);
        Sequential up = new([.. Enumerable.Range(0, 5).Select(i =>
            ($"{2 * i}", (Layer)ConvolutionLayer.Transpose(
                channels[5 - i], channels[4 - i], 4, 2, 1, 0, i == 4 ? Activation.Sigmoid : Activation.Relu)))]);
        return new VaeNetwork(
            Architectures.Vae,
            features,
            "_encoder",
            ConvolutionLayer.LinearFromMap(512, 4, Latent),
            "fc_mu",
            ConvolutionLayer.LinearFromMap(512, 4, Latent),
            "fc_logvar",
            new Sequential(("decoder_input", ConvolutionLayer.LinearToMap(Latent, 512, 4)), ("unfold", new DepthToSpace(4)), ("_decoder", up)),
            128);
    }

    /// <summary>32 numbers for every 8×8 pixels. Most of the work is at half of the picture's side, a residual block each way at the latent's.</summary>
    public static VaeNetwork CreateSpatialVae()
    {
        const int Latent = 32;
        Sequential features = new(
            ("0", Convolve(3, 96, 5, 2)), ("2", Convolve(96, 64, 5, 2)), ("4", Convolve(64, 64, 3, 2)), ("6", new ResidualBlock(64)));
        return new VaeNetwork(
            Architectures.SpatialVae,
            features,
            "encoder",
            ConvolutionLayer.Convolve(64, Latent, 1, 1, 0, Activation.None),
            "mean",
            ConvolutionLayer.Convolve(64, Latent, 1, 1, 0, Activation.None),
            "log_variance",
            Decoder(
                ("0", Convolve(Latent, 64, 3, 1)), ("2", new ResidualBlock(64)), ("3", Transpose(64, 64, 3, Activation.Relu)),
                ("5", Transpose(64, 96, 5, Activation.Relu)), ("7", Transpose(96, 3, 5, Activation.Sigmoid))),
            8);
    }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        [.. Encoder.Parameters, .. LogVariance.Parameters.Select(p => ($"{LogVarianceName}.{p.Name}", p.Parameter)), .. Decoder.Parameters];

    public override IEnumerable<ConvolutionLayer> Convolutions => [.. Encoder.Convolutions(), LogVariance, .. Decoder.Convolutions()];

    public override IEnumerable<NamedTensor> Fitted => Prior.Tensors;

    public override IReadOnlyList<string> FittedNames => GaussianPrior.Names;

    public override void Initialize(RandomSource random)
    {
        foreach (ConvolutionLayer layer in Convolutions)
        {
            Initialization.FanIn(layer, random);
        }
    }

    /// <summary>
    /// Another start than PyTorch's, which shrinks values layer by layer until the gradient is lost in ten of them, and which drowns a latent that says
    /// nothing yet in noise of its own size: from there the posterior easily collapses.
    /// </summary>
    public override void InitializeForTraining(RandomSource random)
    {
        foreach (ConvolutionLayer layer in Convolutions)
        {
            Initialization.KeepSize(layer, random);
        }

        LogVariance.Weight.Values.Clear();
        LogVariance.Weight.Changed();
        LogVariance.Bias.Values.Fill(FirstLogVariance);
        LogVariance.Bias.Changed();
    }

    public override void LoadFitted(WeightsFile file) => Prior = GaussianPrior.Read(file, LatentChannels);

    public override void Fit(Autoencoder model, IReadOnlyList<RgbImage> pictures, int side) => Prior = PriorEstimate.Of(this, model, pictures, side);

    public override LatentCoding CreateLatentCoding(ModelCard card, Workspace workspace, int maxThreads) =>
        new(new GaussianLatentCodec(() => Prior, card.Level(LevelKey, GaussianLatentCodec.MatchedLevel, GaussianLatentCodec.Levels)));

    public override string DescribeLatentCodec(ModelCard card) => "Gaussian prior, table coder";

    public override StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random, LossOptions options) =>
        VaeLoss.Run(scope, this, pictures, options, random);

    public override IReadOnlyList<ValidationLevel> ValidationLevels(LossOptions options) =>
        [new ValidationLevel(GaussianLatentCodec.MatchedLevel, options.Lambda, 1)];

    public override IReadOnlyDictionary<string, string> CardOfTraining(LossOptions options) =>
        new Dictionary<string, string> { [LevelKey] = GaussianLatentCodec.MatchedLevel.ToString(CultureInfo.InvariantCulture) };
}
