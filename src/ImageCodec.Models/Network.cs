using System.Globalization;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>
/// The networks of a model, and all that is particular to its family: how they begin, what is fitted beside their weights, the latent codec, the
/// loss. Whoever works with models asks here; nobody asks which family it is.
/// </summary>
/// <param name="architecture">One of <see cref="Architectures.Names"/>.</param>
/// <param name="encoder">Picture to latent.</param>
/// <param name="decoder">Latent to picture.</param>
/// <param name="stride">Picture pixels for one place of the latent, each way.</param>
/// <param name="latentChannels">Channels of the latent.</param>
internal abstract class Network(string architecture, Sequential encoder, Sequential decoder, int stride, int latentChannels)
{
    public string Architecture => architecture;

    public Sequential Encoder => encoder;

    public Sequential Decoder => decoder;

    public int Stride => stride;

    public int LatentChannels => latentChannels;

    /// <summary>Pictures that a loss takes have sides in multiples of this.</summary>
    public virtual int CropUnit => stride;

    /// <summary>All parameters by their names in weights files, in PyTorch's order.</summary>
    public virtual IEnumerable<(string Name, Parameter Parameter)> Parameters => [.. encoder.Parameters, .. decoder.Parameters];

    /// <summary>Every convolution, in the order in which they are initialised.</summary>
    public virtual IEnumerable<ConvolutionLayer> Convolutions => [.. encoder.Convolutions(), .. decoder.Convolutions()];

    /// <summary>The layers of encoder and decoder that hold parameters, residual blocks in one piece.</summary>
    public IEnumerable<Layer> Blocks => [.. encoder.Blocks(), .. decoder.Blocks()];

    /// <summary>Multiply-accumulate operations of the entropy model for a latent: those of the encoder and those of the decoder.</summary>
    public virtual (long Encoder, long Decoder) CountEntropyOperations(TensorShape latent) => (0, 0);

    /// <summary>Sets the weights that a fresh model has.</summary>
    public abstract void Initialize(RandomSource random);

    /// <summary>Changes fresh weights to those that training by rate and distortion begins with, where they differ.</summary>
    public virtual void InitializeForTraining(RandomSource random)
    {
    }

    /// <summary>What was fitted beside the parameters, as a weights file keeps it.</summary>
    public virtual IEnumerable<NamedTensor> Fitted => [];

    /// <summary>The names that <see cref="Fitted"/> may have in a weights file.</summary>
    public virtual IReadOnlyList<string> FittedNames => [];

    /// <summary>Takes what was fitted from a weights file, or what holds where it has nothing of the kind.</summary>
    /// <exception cref="InvalidFileException">It has half of it, or values out of range.</exception>
    public virtual void LoadFitted(WeightsFile file)
    {
    }

    /// <summary>Fits to pictures what is kept beside the parameters.</summary>
    /// <param name="model">The model of these networks.</param>
    /// <param name="pictures">The pictures that it was trained on.</param>
    /// <param name="side">The side of the squares that it was trained on.</param>
    public virtual void Fit(Autoencoder model, IReadOnlyList<RgbImage> pictures, int side)
    {
    }

    /// <summary>Makes what codes the latent. It always works with the weights as they are.</summary>
    /// <param name="card">What the weights file says of itself.</param>
    /// <param name="workspace">Where memory comes from.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <exception cref="InvalidFileException">The card asks for what there is not.</exception>
    public abstract LatentCoding CreateLatentCoding(ModelCard card, Workspace workspace, int maxThreads);

    /// <summary>What the latent codec is, in the words that go into the fingerprint.</summary>
    public abstract string DescribeLatentCodec(ModelCard card);

    /// <summary>Does to a latent what coding and decoding at a level do, but for rounding: nothing, unless they scale it.</summary>
    public virtual void SkipQuantization(Span<float> latent, int level)
    {
    }

    /// <summary>Runs a step of training up to the gradients, which are added to those of the parameters.</summary>
    /// <param name="scope">The run, recording.</param>
    /// <param name="pictures">The batch, or a share of it.</param>
    /// <param name="random">For each picture, where its random numbers come from.</param>
    /// <param name="options">What is minimised.</param>
    /// <returns>What these pictures add to the step's figures.</returns>
    public abstract StepResult RunLoss(ComputeScope scope, Tensor pictures, RandomSource[] random, LossOptions options);

    /// <summary>The parameters whose steps are those of Muon; all others are Adam's.</summary>
    public virtual IEnumerable<Parameter> MuonParameters => [];

    /// <summary>The levels at which a model is validated; the first one gives the figures beside the cost.</summary>
    public abstract IReadOnlyList<ValidationLevel> ValidationLevels(LossOptions options);

    /// <summary>What a trained model's card says for <see cref="CreateLatentCoding"/>.</summary>
    public virtual IReadOnlyDictionary<string, string> CardOfTraining(LossOptions options) => new Dictionary<string, string>();

    /// <summary>Whether a weights file has just these parameters, with or without what is fitted beside them.</summary>
    public bool Fits(WeightsFile file) =>
        Parameters.Count() + FittedNames.Count(name => file.TryGet(name, out _)) == file.Tensors.Count &&
        Parameters.All(p => file.TryGet(p.Name, out NamedTensor? tensor) && tensor.Shape.AsSpan().SequenceEqual(p.Parameter.Layout.FileShape));

    /// <summary>Sets all parameters, and what is fitted beside them, from a weights file.</summary>
    /// <exception cref="InvalidFileException">The file lacks one, or one has another shape, values that are no numbers, or values out of range.</exception>
    public void Load(WeightsFile file)
    {
        foreach ((string name, Parameter parameter) in Parameters)
        {
            float[] values = file.Get(name, parameter.Layout.FileShape).Values;
            int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
            if (wrong >= 0)
            {
                throw new InvalidFileException(
                    file.Format, $"Value {wrong} of the tensor «{name}» is {values[wrong].ToString(CultureInfo.InvariantCulture)}, no number: the training that wrote it went wrong.");
            }

            parameter.Load(values);
        }

        LoadFitted(file);
    }

    /// <summary>The parameters, and what was fitted beside them, as a weights file.</summary>
    public WeightsFile ToWeightsFile(IReadOnlyDictionary<string, string> card) => new(
        [.. Parameters.Select(p => new NamedTensor(p.Name, p.Parameter.Layout.FileShape, p.Parameter.ToFileOrder())), .. Fitted],
        new Dictionary<string, string>(card) { [ModelCard.ArchitectureKey] = Architecture });
}

/// <summary>What codes a latent, and what can improve one before it is coded.</summary>
/// <param name="Codec">Latent to bytes and back.</param>
/// <param name="Refinement">What effort is spent on; null where there is nothing to refine.</param>
internal sealed record LatentCoding(ILatentCodec Codec, ILatentRefinement? Refinement = null);

/// <summary>What a step of training minimises.</summary>
/// <param name="Lambda">The price of distortion: bits a pixel for a squared error of one 8-bit level.</param>
/// <param name="Bits">Bits of a symbol, for models whose latent is cut into cells.</param>
/// <param name="BatchCount">Pictures in the whole step, of which a loss may see a share.</param>
/// <param name="RateWeight">The share of the rate's gradient that counts, 0 … 1, where it comes in slowly.</param>
/// <param name="IsNoisy">Whether squared error alone counts, the latent disturbed by noise: for models that have such a recipe. Needs the whole step at once.</param>
/// <param name="FirstPicture">Pictures of the step before the share.</param>
internal sealed record LossOptions(double Lambda, int Bits, int BatchCount, double RateWeight = 1, bool IsNoisy = false, int FirstPicture = 0)
{
    /// <summary>What models are trained for unless something else is asked for.</summary>
    public static LossOptions Usual { get; } = new(Lambda: 0.015, Bits: 2, BatchCount: 8);
}

/// <summary>What a step's loss was made of, means over its pictures.</summary>
/// <param name="MeanSquaredError">On the scale of values in [0, 1].</param>
/// <param name="BitsPerPixel">The rate; 0 where the loss sees none.</param>
/// <param name="Loss">What was minimised.</param>
internal readonly record struct StepResult(double MeanSquaredError, double BitsPerPixel, double Loss);

/// <summary>A level at which a model is validated.</summary>
/// <param name="Level">The level.</param>
/// <param name="Lambda">The price of distortion there.</param>
/// <param name="Weight">What its cost counts.</param>
internal sealed record ValidationLevel(int Level, double Lambda, double Weight);
