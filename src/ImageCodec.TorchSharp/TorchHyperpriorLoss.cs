using ImageCodec.Models;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Models.Transforms;
using ImageCodec.NeuralNetworks;
using ImageCodec.Training;
using static TorchSharp.torch;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>
/// The loss of a hyperprior model; see <see cref="HyperpriorLoss"/> and <see cref="HyperpriorRate"/>. The slopes of the rate are computed as there and enter
/// by a linear stand-in, which keeps the conventions at the ends of what the tables can express.
/// </summary>
internal sealed class TorchHyperpriorLoss
{
    /// <summary>Beyond the last value of the widest table nothing more is saved.</summary>
    private const int LargestListed = 2047;

    /// <summary>[table, magnitude].</summary>
    private static readonly float[] SavedBits =
    [
        .. from table in Enumerable.Range(0, ScaleTable.Count)
           from magnitude in Enumerable.Range(0, LargestListed + 1)
           select magnitude == 0 ? 0 : RateDistortionQuantizer.Normal.SavedBits(table, magnitude),
    ];

    private readonly TorchAutoencoder _module;
    private readonly TorchHyperprior _hyperprior;
    private readonly RandomSource[] _random;
    private readonly Tensor _weights;
    private readonly Tensor _savedBits;
    private readonly List<Tensor> _bits = [];
    private readonly List<Tensor> _costs = [];

    private TorchHyperpriorLoss(TorchAutoencoder module, TorchHyperprior hyperprior, RandomSource[] random, Tensor weights)
    {
        (_module, _hyperprior, _random, _weights) = (module, hyperprior, random, weights);
        _savedBits = tensor(SavedBits, device: weights.device);
    }

    /// <summary>Runs a step up to the gradients.</summary>
    public static StepResult Run(TorchAutoencoder module, TorchHyperprior hyperprior, Tensor pictures, TrainingBatch batch)
    {
        RandomSource[] random = batch.Random;
        Device device = pictures.device;
        double perPixel = 1.0 / (random.Length * pictures.shape[2] * pictures.shape[3]);
        float[] rates = [.. random.Select(HyperpriorLoss.DrawRate)];
        double[] weights = HyperpriorLoss.Weights(rates, batch.Pictures(0, batch.Count), batch.Side);
        Tensor bitWeights = tensor(weights.Select(weight => (float)(weight * perPixel)).ToArray(), device: device).view(-1, 1, 1, 1);
        TorchHyperpriorLoss loss = new(module, hyperprior, random, bitWeights);
        Tensor errors = (module.Decode(loss.Code(module.Encode(pictures), rates)) - pictures).square().sum([1, 2, 3]);

        double[] lambdas = [.. rates.Select(rate => RateGains.Lambda(rate) * Distortion.PixelScale)];
        Tensor errorWeights = tensor(weights.Select((weight, i) => (float)(weight * lambdas[i] * perPixel / 3)).ToArray(), device: device);
        ((errors * errorWeights).sum() + stack(loss._costs).sum()).backward();

        float[] bits = TorchTensors.ToArray(stack(loss._bits).sum([0]));
        float[] squares = TorchTensors.ToArray(errors);
        double total = 0;
        for (int i = 0; i < rates.Length; i++)
        {
            total += weights[i] * (bits[i] + lambdas[i] * squares[i] / 3) * perPixel;
        }

        return new StepResult(squares.Sum() * perPixel / 3, bits.Sum() * perPixel, total);
    }

    /// <summary>What the decoder sees of a latent, at the rate of each picture.</summary>
    private Tensor Code(Tensor latent, float[] rates)
    {
        Dictionary<string, TorchParameter> parameters = _module.named_parameters(recurse: false).ToDictionary(p => p.name, p => p.parameter);
        Tensor At(ImageCodec.NeuralNetworks.Layers.Parameter table) => TorchHyperprior.At(parameters[table.Name], rates);

        RateGains tables = _hyperprior.Definition.Gains;
        Tensor gained = latent * At(tables.LogGains).exp();
        Tensor entropyParameters = _hyperprior.Synthesis.call(CodeHyperLatent(_hyperprior.Analysis.call(gained)));
        return CodeLatent(gained, entropyParameters) * At(tables.LogInverseGains).exp() + At(tables.Offsets);
    }

    private Tensor CodeHyperLatent(Tensor hyperLatent)
    {
        TorchPrior prior = _hyperprior.Prior;
        Tensor distance = hyperLatent - prior.Means;
        Tensor noise = TorchLoss.Noise(TorchTensors.Shape(hyperLatent), _random, hyperLatent.device, DrawNoise);
        (Tensor bits, Tensor byValue, Tensor byLogScale) = NormalBits(distance + noise, prior.LogScales);
        Count(bits, byValue * distance + byLogScale * prior.LogScales);
        return StraightThrough(hyperLatent, distance.round() + prior.Means);
    }

    private Tensor CodeLatent(Tensor latent, Tensor entropyParameters)
    {
        List<Tensor> parts = [];
        foreach (TorchChannelGroup group in _hyperprior.Groups)
        {
            if (group.ChannelContext is { } channelContext)
            {
                entropyParameters = entropyParameters + channelContext.call(parts[^1]);
            }

            Tensor part = latent.narrow(1, group.Definition.FirstChannel, group.Definition.Channels);
            Tensor noise = FieldNoise(TorchTensors.Shape(part), latent.device);
            Tensor anchors = CodePositions(part, group.Head.call(entropyParameters), noise, Positions.Anchor);
            Tensor informed = entropyParameters + group.SpatialContext.call(anchors);
            parts.Add(anchors + CodePositions(part, group.Head.call(informed), noise, Positions.NonAnchor));
        }

        return cat(parts, 1);
    }

    /// <summary>Rounds some positions of a group around their predicted means; the others are zero.</summary>
    private Tensor CodePositions(Tensor part, Tensor predictions, Tensor noise, Positions positions)
    {
        long channels = part.shape[1];
        Tensor mean = predictions.narrow(1, 0, channels);
        Tensor predicted = predictions.narrow(1, channels, channels);
        Tensor logScale = predicted.detach().clamp(ScaleTable.LowestLogScale, ScaleTable.HighestLogScale);
        Tensor distance = part - mean;
        (Tensor bits, Tensor byValue, Tensor byLogScale) = NormalBits(distance + noise, logScale);
        Tensor leavesRange = (logScale != predicted).logical_and((predicted < logScale) == (byLogScale > 0));
        Tensor field = Field(part, positions);
        Count(bits * field, (byValue * distance + where(leavesRange, 0, byLogScale) * predicted) * field);
        return StraightThrough(part, Round(distance.detach(), predicted.detach()) + mean) * field;
    }

    /// <summary>Adds to the bits of each picture and to what stands for them in the gradient.</summary>
    private void Count(Tensor bits, Tensor standIn)
    {
        _bits.Add(bits.sum([1, 2, 3]));
        _costs.Add((_weights * standIn).sum());
    }

    /// <summary><see cref="RateDistortionQuantizer.Run"/> for tensors.</summary>
    private Tensor Round(Tensor distance, Tensor logScale)
    {
        Tensor table = ((logScale - ScaleTable.LowestLogScale) / ScaleTable.LogScaleStep + 0.5)
            .nan_to_num(0).clamp(0, ScaleTable.Count - 1).floor();
        Tensor magnitude = distance.abs();
        Tensor nearest = magnitude.round();
        Tensor listed = nearest.nan_to_num(0).clamp(0, LargestListed);
        Tensor bits = _savedBits.index_select(0, (table * (LargestListed + 1) + listed).to(ScalarType.Int64).flatten()).view(distance.shape);
        Tensor fallsBelow = 1 - 2 * (nearest - magnitude) < RateDistortionQuantizer.Lambda * bits;
        return where(fallsBelow.logical_and(nearest > 0), nearest - 1, nearest) * distance.sign();
    }

    private static Tensor StraightThrough(Tensor value, Tensor rounded) => value + (rounded - value).detach();

    /// <summary><see cref="NormalRate.Bits"/> for tensors: bits, and their slopes by the value and by the logarithm of the scale.</summary>
    private static (Tensor Bits, Tensor ByValue, Tensor ByLogScale) NormalBits(Tensor value, Tensor logScale)
    {
        using IDisposable still = no_grad();
        Tensor inverse = (-logScale).exp();
        Tensor distance = value.abs();
        Tensor near = (0.5 - distance) * inverse;
        Tensor far = (-0.5 - distance) * inverse;
        Tensor likelihood = Below(near) - Below(far);
        Tensor isLikely = likelihood > NormalRate.LowestLikelihood;
        Tensor slope = 1 / (Math.Log(2) * likelihood.clamp_min(NormalRate.LowestLikelihood));
        Tensor sign = where(value < 0, -1f, 1f);
        Tensor byValue = where(isLikely, slope * inverse * (Density(near) - Density(far)), -near * inverse / Math.Log(2)) * sign;
        Tensor byLogScale = where(isLikely, slope * (near * Density(near) - far * Density(far)), -near.square() / Math.Log(2));
        Tensor tail = near.square() * (0.5 / Math.Log(2)) + (maximum(-near, 1 / inverse) * Math.Sqrt(2 * Math.PI)).log2();
        Tensor bits = where(isLikely, -likelihood.clamp_min(NormalRate.LowestLikelihood).log2(), tail);
        return (bits, byValue, byLogScale);
    }

    private static Tensor Below(Tensor x) => 0.5 * (x * -Math.Sqrt(0.5)).erfc();

    private static Tensor Density(Tensor x) => (-0.5 * x.square()).exp() / Math.Sqrt(2 * Math.PI);

    private static float DrawNoise(RandomSource source) => source.NextSingle(-0.5f, 0.5f);

    /// <summary>1 at some positions of a checkerboard, 0 at the others: [1, 1, row, column].</summary>
    private static Tensor Field(Tensor part, Positions positions)
    {
        Tensor rows = arange(part.shape[2], device: part.device).unsqueeze(1);
        Tensor columns = arange(part.shape[3], device: part.device).unsqueeze(0);
        return ((rows + columns + (int)positions).remainder(2) == 0).to(ScalarType.Float32).unsqueeze(0).unsqueeze(0);
    }

    /// <summary>Noise for a group, drawn for anchors first and then for the other positions.</summary>
    private Tensor FieldNoise(TensorShape shape, Device device)
    {
        float[] values = new float[_random.Length * shape.Length];
        for (int i = 0; i < _random.Length; i++)
        {
            foreach (Positions positions in Enum.GetValues<Positions>())
            {
                for (int row = 0; row < shape.Height; row++)
                {
                    for (int column = Checkerboard.FirstColumn(positions, row); column < shape.Width; column += 2)
                    {
                        int place = ((i * shape.Height + row) * shape.Width + column) * shape.Channels;
                        foreach (ref float value in values.AsSpan(place, shape.Channels))
                        {
                            value = DrawNoise(_random[i]);
                        }
                    }
                }
            }
        }

        return TorchTensors.FromPlaces(values, _random.Length, shape, device);
    }
}
