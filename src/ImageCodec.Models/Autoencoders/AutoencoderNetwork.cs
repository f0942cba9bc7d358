using System.Globalization;
using ImageCodec.Entropy;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;
using ImageCodec.NeuralNetworks.Training;
using static ImageCodec.Models.Stacks;

namespace ImageCodec.Models.Autoencoders;

/// <summary>
/// The three plain autoencoders of the seed system: a latent of at least zero, cut into 2^b cells of equal width, and an adaptive coder for the symbols.
/// </summary>
internal sealed class AutoencoderNetwork : Network
{
    /// <summary>The card's entry for the bits of a symbol where no rate is asked for.</summary>
    public const string BitsKey = "bits";

    /// <summary>The card's entry for the entropy coder; without it, as in checkpoints of other origin, it is the seed-compatible one.</summary>
    public const string EntropyCoderKey = "entropy_coder";

    /// <summary>The name of <see cref="ContextCoder"/>, which training asks for.</summary>
    public const string ContextCoderName = "context";

    private const string AdaptiveCoderName = "adaptive";
    private const int DefaultBits = 2;
    private const int LatentWidth = 16;

    private readonly Action<ConvolutionLayer, RandomSource> _initialize;

    private AutoencoderNetwork(string architecture, Sequential encoder, Sequential decoder, Action<ConvolutionLayer, RandomSource> initialize)
        : base(architecture, encoder, decoder, 8, LatentWidth) => _initialize = initialize;

    public static AutoencoderNetwork CreateBaseline() => new(
        Architectures.Baseline,
        Encoder(
            ("0", Convolve(3, 128, 7, 1)), ("2", new MaxPooling()),
            ("3", Convolve(128, 32, 5, 1)), ("5", new MaxPooling()),
            ("6", Convolve(32, LatentWidth, 3, 1)), ("8", new MaxPooling())),
        PlainDecoder(),
        Initialization.FanIn);

    public static AutoencoderNetwork CreateStrided() => new(
        Architectures.Strided,
        Encoder(("0", Convolve(3, 128, 7, 2)), ("2", Convolve(128, 32, 5, 2)), ("4", Convolve(32, LatentWidth, 3, 2))),
        PlainDecoder(),
        Initialization.FanIn);

    public static AutoencoderNetwork CreateResidual() => new(
        Architectures.Residual,
        Encoder(
            ("0", Convolve(3, 128, 7, 2)), ("2", new ResidualBlock(128)),
            ("3", Convolve(128, 32, 5, 2)), ("5", new ResidualBlock(32)),
            ("6", Convolve(32, LatentWidth, 3, 2))),
        Decoder(
            ("0", new ResidualBlock(LatentWidth)), ("1", Transpose(LatentWidth, 32, 3, Activation.Relu)),
            ("3", new ResidualBlock(32)), ("4", Transpose(32, 128, 5, Activation.Relu)),
            ("6", new ResidualBlock(128)), ("7", Transpose(128, 3, 7, Activation.Sigmoid))),
        Initialization.Xavier);

    public override void Initialize(RandomSource random)
    {
        foreach (ConvolutionLayer layer in Convolutions)
        {
            _initialize(layer, random);
        }
    }

    public override LatentCoding CreateLatentCoding(ModelCard card, Workspace workspace, int maxThreads)
    {
        IEntropyCoder coder = EntropyCoderName(card) switch
        {
            AdaptiveCoderName => AdaptiveCoder.Instance,
            ContextCoderName => ContextCoder.Instance,
            _ => throw card.Unknown(EntropyCoderKey, AdaptiveCoderName, ContextCoderName),
        };
        return new LatentCoding(new QuantizedLatentCodec(new UniformQuantizer(), coder, card.Level(BitsKey, DefaultBits, UniformQuantizer.MaxBits)));
    }

    public override string DescribeLatentCodec(ModelCard card) => $"uniform quantiser, {EntropyCoderName(card)} coder";

    public override StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random, LossOptions options) => options.IsNoisy
        ? QuantizedLoss.RunNoisy(scope, this, pictures, options.Bits, random)
        : QuantizedLoss.Run(scope, this, pictures, options, random);

    public override IReadOnlyList<ValidationLevel> ValidationLevels(LossOptions options) => [new ValidationLevel(options.Bits, options.Lambda, 1)];

    public override IReadOnlyDictionary<string, string> CardOfTraining(LossOptions options) => new Dictionary<string, string>
    {
        [BitsKey] = options.Bits.ToString(CultureInfo.InvariantCulture),
        [EntropyCoderKey] = ContextCoderName,
    };

    private static string EntropyCoderName(ModelCard card) => card.Text(EntropyCoderKey) ?? AdaptiveCoderName;

    private static Sequential PlainDecoder() => Decoder(
        ("0", Transpose(LatentWidth, 32, 3, Activation.Relu)),
        ("2", Transpose(32, 128, 5, Activation.Relu)),
        ("4", Transpose(128, 3, 7, Activation.Sigmoid)));
}
