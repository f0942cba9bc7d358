using System.Diagnostics;
using System.Globalization;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;

namespace ImageCodec.PriorTraining;

/// <summary>
/// Trains anchor networks: many crops are fitted at once, each at a rate of its own, with latents of its own and the networks of its rate shared by all.
/// A crop that has been fitted long enough makes room for a new one.
/// </summary>
internal sealed class PriorTrainer
{
    private const int CropCount = 80;
    private const int CropsPerStep = 6;
    private const int CropSide = 256;
    private const float NetworkRate = 0.003f;
    private const float LatentRate = 0.16f;

    /// <summary>Iterations before a crop's latents are good enough to teach the networks something.</summary>
    private const int FirstIterations = 60;
    private const int LeastLife = 200;
    private const int LifeRange = 500;

    private static readonly TimeSpan s_savePeriod = TimeSpan.FromSeconds(30);

    private readonly AnchorNetworks _networks;
    private readonly CropSource _source;
    private readonly Random _random = new(1);
    private readonly WeightOptimizer[] _optimizers;
    private readonly float[][] _gradients;
    private readonly float[] _shares;
    private readonly List<Crop> _crops = [];
    private int _serial;

    public PriorTrainer(AnchorNetworks networks, CropSource source)
    {
        (_networks, _source) = (networks, source);
        _optimizers = [.. Enumerable.Range(0, networks.Count).Select(_ => new WeightOptimizer(networks.Layout))];
        _gradients = [.. Enumerable.Range(0, networks.Count).Select(_ => new float[networks.Layout.Count])];
        _shares = new float[networks.Count];
    }

    /// <summary>Trains for some time; steps get shorter towards its end.</summary>
    public void Run(TimeSpan duration, string output)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan saved = TimeSpan.Zero;
        long steps = 0;
        double cost = 0;
        for (int i = 0; i < CropCount; i++)
        {
            _crops.Add(NewCrop());
        }

        for (int next = 0; clock.Elapsed < duration; steps++)
        {
            Array.ForEach(_gradients, Array.Clear);
            Array.Clear(_shares);
            for (int i = 0; i < CropsPerStep; i++, next = (next + 1) % CropCount)
            {
                double own = Iterate(_crops[next]);
                cost += 0.001 * (own - cost);
                if (_crops[next].Age >= _crops[next].Life)
                {
                    _crops[next] = NewCrop();
                }
            }

            float rate = NetworkRate * 0.5f * (1 + MathF.Cos(MathF.PI * (float)(clock.Elapsed / duration)));
            for (int anchor = 0; anchor < _networks.Count; anchor++)
            {
                if (_shares[anchor] > 0)
                {
                    _optimizers[anchor].Step(_networks[anchor], _gradients[anchor], rate * Math.Min(1, _shares[anchor]), ..);
                }
            }

            if (clock.Elapsed - saved > s_savePeriod)
            {
                saved = clock.Elapsed;
                _networks.Write(output);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes:0.0} min, {steps} steps, mean logarithm of bits and errors a pixel {cost:0.000}"));
            }
        }

        _networks.Balance();
        _networks.Write(output);
    }

    /// <summary>An iteration of a crop, whose gradients go to the anchors next to its rate.</summary>
    private double Iterate(Crop crop)
    {
        (int below, float share) = AnchorNetworks.Place(crop.Rate);
        _networks.At(crop.Rate).CopyTo(crop.Fit.Parameters, 0);
        float part = (float)crop.Age / crop.Life;
        FitStep step = FitSchedule.At(part, crop.Fit.Lambda) with { LatentRate = LatentRate * 0.5f * (1 + MathF.Cos(0.9f * MathF.PI * part)), ParameterRate = 0 };
        (double bits, double error) = crop.Fit.Iterate(step, default);
        double cost = bits + error * crop.Fit.PixelCount / crop.Fit.Lambda;
        crop.Age++;
        if (crop.Age > FirstIterations)
        {
            // Of the logarithm of the cost, so that all rates and pictures count the same.
            float weight = (float)(1 / cost);
            ReadOnlySpan<float> gradients = crop.Fit.ParameterGradients;
            for (int i = 0; i < gradients.Length; i++)
            {
                _gradients[below][i] += gradients[i] * weight * (1 - share);
                _gradients[below + 1][i] += gradients[i] * weight * share;
            }

            _shares[below] += 1 - share;
            _shares[below + 1] += share;
        }

        return Math.Log(cost / crop.Fit.PixelCount);
    }

    private Crop NewCrop()
    {
        // Rates in turns, spread evenly.
        const double GoldenRatio = 0.6180339887;
        double rate = _serial++ * GoldenRatio % 1 * (FittedPriors.Rates - 1);
        RgbImage picture = _source.Next(CropSide, _random);
        PictureFit fit = new(FittedPriors.Of(_networks.Layout, (int)rate), picture, FittedPriors.Lambda(rate), maxThreads: 1);
        _networks.At(rate).CopyTo(fit.Parameters, 0);
        LatentStart.Fill(fit, default);
        return new Crop(fit, rate, LeastLife + _random.Next(LifeRange));
    }

    private sealed class Crop(PictureFit fit, double rate, int life)
    {
        public PictureFit Fit { get; } = fit;

        public double Rate { get; } = rate;

        public int Life { get; } = life;

        public int Age { get; set; }
    }
}
