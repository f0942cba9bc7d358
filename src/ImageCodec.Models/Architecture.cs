using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Models;

/// <summary>The layers of one architecture, newly made, not yet initialised.</summary>
/// <param name="Encoder">Picture to latent.</param>
/// <param name="Decoder">Latent to picture.</param>
/// <param name="LogVariance">For a VAE: from the encoder's features, which are all of its layers but the last, to the latent's log-variance.</param>
/// <param name="Stride">Picture pixels for one place of the latent, each way.</param>
/// <param name="LatentChannels">Channels of the latent.</param>
/// <param name="Hyperprior">What the latent's distribution is predicted with, or null.</param>
internal sealed record Network(
    Sequential Encoder, Sequential Decoder, VarianceBranch? LogVariance, int Stride, int LatentChannels, Hyperprior? Hyperprior = null);

/// <summary>The part of a VAE's encoder that only training uses.</summary>
/// <param name="Features">The layers before the two heads.</param>
/// <param name="Mean">The head that the encoder ends with.</param>
/// <param name="LogVariance">The other head.</param>
/// <param name="Name">The other head's name in weights files.</param>
internal sealed record VarianceBranch(Sequential Features, ConvolutionLayer Mean, ConvolutionLayer LogVariance, string Name);

/// <summary>
/// The four architectures of the system that this library grew from, layer by layer and name by name, a VAE whose latent is a grid, and the one for
/// any photo.
/// </summary>
internal static class Architecture
{
    public const string Baseline = "baseline";
    public const string Strided = "strided";
    public const string Residual = "residual";
    public const string Vae = "vae";
    public const string SpatialVae = "vae-spatial";
    public const string Hyperprior = "hyperprior";

    public const int Colours = 3;

    /// <summary>What the last filter of a hyperprior's decoder reads for each pixel: its colours, and one more value.</summary>
    public const int Planes = 4;

    /// <summary>What the filter before that reads for each 2×2 pixels: (row, column, plane), and eight more values.</summary>
    public const int HalfSizeChannels = 4 * Planes + 8;

    public static IReadOnlyList<string> Names { get; } = [Baseline, Strided, Residual, Vae, SpatialVae, Hyperprior];

    /// <summary>Makes an architecture's layers.</summary>
    /// <exception cref="ArgumentException">There is no architecture of that name.</exception>
    public static Network Create(string name) => name switch
    {
        Baseline => new Network(
            Encoder(
                ("0", Convolve(3, 128, 7, 1)), ("2", new MaxPooling()),
                ("3", Convolve(128, 32, 5, 1)), ("5", new MaxPooling()),
                ("6", Convolve(32, 16, 3, 1)), ("8", new MaxPooling())),
            PlainDecoder(),
            null,
            8,
            16),
        Strided => new Network(
            Encoder(("0", Convolve(3, 128, 7, 2)), ("2", Convolve(128, 32, 5, 2)), ("4", Convolve(32, 16, 3, 2))),
            PlainDecoder(),
            null,
            8,
            16),
        Residual => new Network(
            Encoder(
                ("0", Convolve(3, 128, 7, 2)), ("2", new ResidualBlock(128)),
                ("3", Convolve(128, 32, 5, 2)), ("5", new ResidualBlock(32)),
                ("6", Convolve(32, 16, 3, 2))),
            Decoder(
                ("0", new ResidualBlock(16)), ("1", Transpose(16, 32, 3, Activation.Relu)),
                ("3", new ResidualBlock(32)), ("4", Transpose(32, 128, 5, Activation.Relu)),
                ("6", new ResidualBlock(128)), ("7", Transpose(128, 3, 7, Activation.Sigmoid))),
            null,
            8,
            16),
        Vae => CreateVae(),
        SpatialVae => CreateSpatialVae(),
        Hyperprior => CreateHyperprior(),
        _ => throw new ArgumentException($"There is no architecture «{name}»; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>Every convolution of a network.</summary>
    public static IEnumerable<ConvolutionLayer> Convolutions(Network network) =>
        Flatten(network.Encoder)
            .Concat(network.LogVariance is { } branch ? [branch.LogVariance] : [])
            .Concat(Flatten(network.Decoder))
            .Concat(network.Hyperprior is { } hyperprior ? hyperprior.Convolutions : []);

    /// <summary>
    /// 128 numbers for a picture of 128×128. The linear layers are convolutions over whole 4×4 maps, so that larger pictures
    /// give a grid of such latents, one for each 128×128.
    /// </summary>
    private static Network CreateVae()
    {
        const int Latent = 128;
        int[] channels = [3, 32, 64, 128, 256, 512];
        Sequential features = new([.. Enumerable.Range(0, 5).Select(i =>
            ($"{2 * i}", (Layer)ConvolutionLayer.Convolve(channels[i], channels[i + 1], 4, 2, 1, Activation.Relu)))]);
        Sequential up = new([.. Enumerable.Range(0, 5).Select(i =>
            ($"{2 * i}", (Layer)ConvolutionLayer.Transpose(
                channels[5 - i], channels[4 - i], 4, 2, 1, 0, i == 4 ? Activation.Sigmoid : Activation.Relu)))]);
        ConvolutionLayer mean = ConvolutionLayer.LinearFromMap(512, 4, Latent);
        ConvolutionLayer logVariance = ConvolutionLayer.LinearFromMap(512, 4, Latent);
        return new Network(
            new Sequential(("_encoder", features), ("fc_mu", mean)),
            new Sequential(("decoder_input", ConvolutionLayer.LinearToMap(Latent, 512, 4)), ("unfold", new DepthToSpace(4)), ("_decoder", up)),
            new VarianceBranch(features, mean, logVariance, "fc_logvar"),
            128,
            Latent);
    }

    /// <summary>32 numbers for every 8×8 pixels. Most of the work is at half of the picture's side, a residual block each way at the latent's.</summary>
    private static Network CreateSpatialVae()
    {
        const int Latent = 32;
        Sequential features = new(
            ("0", Convolve(3, 96, 5, 2)), ("2", Convolve(96, 64, 5, 2)), ("4", Convolve(64, 64, 3, 2)), ("6", new ResidualBlock(64)));
        Sequential up = new(
            ("0", Convolve(Latent, 64, 3, 1)), ("2", new ResidualBlock(64)), ("3", Transpose(64, 64, 3, Activation.Relu)),
            ("5", Transpose(64, 96, 5, Activation.Relu)), ("7", Transpose(96, 3, 5, Activation.Sigmoid)));
        ConvolutionLayer mean = ConvolutionLayer.Convolve(64, Latent, 1, 1, 0, Activation.None);
        ConvolutionLayer logVariance = ConvolutionLayer.Convolve(64, Latent, 1, 1, 0, Activation.None);
        return new Network(
            new Sequential(("encoder", features), ("mean", mean)),
            new Sequential(("decoder", up)),
            new VarianceBranch(features, mean, logVariance, "log_variance"),
            8,
            Latent);
    }

    /// <summary>
    /// Linear transforms that overlap, at an eighth of the picture's sides, where a pixel's share of a wide layer is small: blocks of 8×8 pixels
    /// become channels at once (after DCVC-RT, Jia et al., 2025), and the latent lies at a sixteenth. What is not linear are filters of the
    /// pixels before and after, where edges look the same wherever they lie (after Dai, Liu and Wu, 2017, who mend what video codecs decode). Those of
    /// the decoder work at half size and then at full size, and see more than colours: what else the linear layers tell them of a place.
    /// </summary>
    private static Network CreateHyperprior()
    {
        const int Block = 8;
        const int Width = 128;
        const int Latent = 320;
        return new Network(
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
            null,
            2 * Block,
            Latent,
            new Hyperprior(Latent));
    }

    /// <summary>Convolutions of the given widths with ReLU between, whose result is added to the first channels of what they read.</summary>
    private static ResidualBlock CreateFilter(params int[] widths) => new([.. Enumerable.Range(0, widths.Length - 1).Select(i =>
        ($"{i}", (Layer)Convolve(widths[i], widths[i + 1], 3, 1, i == widths.Length - 2 ? Activation.None : Activation.Relu)))]);

    private static Sequential Encoder(params (string, Layer)[] layers) => new(("encoder", new Sequential(layers)));

    private static Sequential Decoder(params (string, Layer)[] layers) => new(("decoder", new Sequential(layers)));

    private static Sequential PlainDecoder() => Decoder(
        ("0", Transpose(16, 32, 3, Activation.Relu)),
        ("2", Transpose(32, 128, 5, Activation.Relu)),
        ("4", Transpose(128, 3, 7, Activation.Sigmoid)));

    private static ConvolutionLayer Convolve(int inputs, int outputs, int kernel, int stride, Activation activation = Activation.Relu) =>
        ConvolutionLayer.Convolve(inputs, outputs, kernel, stride, kernel / 2, activation);

    private static ConvolutionLayer Transpose(int inputs, int outputs, int kernel, Activation activation) =>
        ConvolutionLayer.Transpose(inputs, outputs, kernel, 2, kernel / 2, 1, activation);

    /// <summary>The layers of encoder and decoder that hold parameters, residual blocks in one piece.</summary>
    public static IEnumerable<Layer> Blocks(Network network)
    {
        return Walk(network.Encoder).Concat(Walk(network.Decoder));

        static IEnumerable<Layer> Walk(Layer layer) => layer is Sequential sequential
            ? sequential.Layers.SelectMany(Walk)
            : layer.Parameters.Any() ? [layer] : [];
    }

    /// <summary>Every convolution in a layer.</summary>
    public static IEnumerable<ConvolutionLayer> Flatten(Layer layer) => layer switch
    {
        ConvolutionLayer convolution => [convolution],
        ResidualBlock block => Flatten(block.Inner),
        Sequential sequential => sequential.Layers.SelectMany(Flatten),
        _ => [],
    };
}
