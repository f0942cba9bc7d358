using ImageCodec.Models.Fitted;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.PriorTraining;

/// <summary>The networks that become the means of a prior, one for every eighth rate, as floats.</summary>
internal sealed class AnchorNetworks
{
    private const int RatesPerAnchor = 8;

    /// <summary>The largest weight of the first synthesis layer that is left: files hold little more.</summary>
    private const float LargestHiddenWeight = 0.4f;

    private readonly float[][] _anchors;

    public AnchorNetworks(FittedLayout layout, float[][] anchors) => (Layout, _anchors) = (layout, anchors);

    public FittedLayout Layout { get; }

    public int Count => _anchors.Length;

    public float[] this[int anchor] => _anchors[anchor];

    /// <summary>Networks to begin with: smooth upsampling, small random colours, and latents that get finer with the rate.</summary>
    public static AnchorNetworks Start(FittedLayout layout)
    {
        Random random = new(1);
        int n = FittedLayout.Inputs;
        float[] start = new float[layout.Count];
        Fill(layout.OutputWeights, 2 * n, 0.25 / n);
        Fill(layout.DirectWeights, 2 * n, 0.25 / n);
        start[layout.OutputBiases + 1] = -3;
        for (int set = 0; set < FittedLayout.FeatureSets; set++)
        {
            Fill(layout.FeatureSet(set), FittedLayout.Features * FittedLayout.CoarseValues, 1 / 8.0);
        }

        for (int grid = 1; grid < FittedLayout.MaxGrids; grid++)
        {
            // Cubic convolution with a = −3/4 (Keys 1981).
            ((ReadOnlySpan<float>)[0.8789063f, 0.2617187f, -0.1054687f, -0.0351562f]).CopyTo(start.AsSpan(layout.Filter(grid)));
        }

        Fill(layout.HiddenWeights, layout.Hidden * FittedLayout.MaxGrids, 1 / 30.0);
        Fill(layout.HiddenBiases, layout.Hidden, 1 / 30.0);
        Fill(layout.ColorWeights, layout.Hidden * FittedLayout.Colors, 1.0 / layout.Hidden);
        for (int i = 0; i < FittedLayout.Colors * FittedLayout.MaxGrids; i++)
        {
            start[layout.LinearWeights + i] = (float)((1 + 0.3 * Normal()) / 16);
        }

        float[][] anchors = [.. Enumerable.Range(0, PriorAnchors.Count).Select(anchor =>
        {
            float[] copy = [.. start];
            Scale(copy.AsSpan(layout.HiddenWeights, layout.Hidden * FittedLayout.MaxGrids), anchor);
            Scale(copy.AsSpan(layout.LinearWeights, FittedLayout.Colors * FittedLayout.MaxGrids), anchor);
            return copy;
        })];
        return new AnchorNetworks(layout, anchors);

        void Fill(int first, int count, double deviation)
        {
            for (int i = first; i < first + count; i++)
            {
                start[i] = (float)(deviation * Normal());
            }
        }

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        static void Scale(Span<float> weights, int anchor)
        {
            float gain = MathF.Pow(2, 1.5f - 0.8f * anchor);
            foreach (ref float weight in weights)
            {
                weight *= gain;
            }
        }
    }

    /// <summary>The anchor below a rate, and the share of the one above.</summary>
    public static (int Below, float ShareAbove) Place(double rate)
    {
        int below = Math.Min((int)(rate / RatesPerAnchor), PriorAnchors.Count - 2);
        return (below, (float)(rate / RatesPerAnchor - below));
    }

    /// <summary>The network at a rate.</summary>
    public float[] At(double rate)
    {
        (int below, float share) = Place(rate);
        return [.. _anchors[below].Zip(_anchors[below + 1], (a, b) => a * (1 - share) + b * share)];
    }

    /// <summary>
    /// Brings hidden channels of the synthesis to where their weights fit into a file. What a channel loses before the ReLU it gets back behind it, so nothing
    /// else changes.
    /// </summary>
    public void Balance()
    {
        for (int channel = 0; channel < Layout.Hidden; channel++)
        {
            int first = Layout.HiddenWeights + FittedLayout.MaxGrids * channel;
            float largest = _anchors.Max(anchor => anchor.AsSpan(first, FittedLayout.MaxGrids).ToArray().Max(MathF.Abs));
            if (largest <= LargestHiddenWeight)
            {
                continue;
            }

            float gain = LargestHiddenWeight / largest;
            foreach (float[] anchor in _anchors)
            {
                foreach (ref float weight in anchor.AsSpan(first, FittedLayout.MaxGrids))
                {
                    weight *= gain;
                }

                anchor[Layout.HiddenBiases + channel] *= gain;
                for (int color = 0; color < FittedLayout.Colors; color++)
                {
                    anchor[Layout.ColorWeights + color * Layout.Hidden + channel] /= gain;
                }
            }
        }
    }

    /// <summary>
    /// Networks of another layout, which has fewer hidden channels: of those it keeps the ones that turn colours most, and all of the rest.
    /// </summary>
    public AnchorNetworks Shrink(FittedLayout layout)
    {
        int[] kept = [.. Enumerable.Range(0, Layout.Hidden).OrderByDescending(Strength).Take(layout.Hidden).Order()];
        return new AnchorNetworks(layout, [.. _anchors.Select(Shrunk)]);

        float[] Shrunk(float[] from)
        {
            float[] to = new float[layout.Count];
            from.AsSpan(0, Layout.HiddenWeights).CopyTo(to);
            from.AsSpan(Layout.ColorBiases).CopyTo(to.AsSpan(layout.ColorBiases));
            for (int i = 0; i < kept.Length; i++)
            {
                from.AsSpan(Layout.HiddenWeights + FittedLayout.MaxGrids * kept[i], FittedLayout.MaxGrids)
                    .CopyTo(to.AsSpan(layout.HiddenWeights + FittedLayout.MaxGrids * i));
                to[layout.HiddenBiases + i] = from[Layout.HiddenBiases + kept[i]];
                for (int color = 0; color < FittedLayout.Colors; color++)
                {
                    to[layout.ColorWeights + color * layout.Hidden + i] = from[Layout.ColorWeights + color * Layout.Hidden + kept[i]];
                }
            }

            return to;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static AnchorNetworks Read(string path, FittedLayout layout)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        return new AnchorNetworks(
            layout, [.. Enumerable.Range(0, PriorAnchors.Count).Select(_ => Enumerable.Range(0, layout.Count).Select(_ => reader.ReadSingle()).ToArray())]);
    }

    /// <summary>The means that a weights file holds.</summary>
    public static AnchorNetworks FromWeights(string path, FittedLayout layout)
    {
        float[] means = WeightsFile.Read(File.ReadAllBytes(path)).Get(FittedPriors.MeansName(layout), [PriorAnchors.Count, layout.Count]).Values;
        return new AnchorNetworks(
            layout, [.. means.Chunk(layout.Count).Select(anchor => anchor.Select((mean, i) => mean / (1 << layout.FractionalBits(i))).ToArray())]);
    }

    /// <summary>What a hidden channel carries from the latent to colours.</summary>
    private double Strength(int channel) => _anchors.Sum(anchor =>
    {
        double weights = anchor.AsSpan(Layout.HiddenWeights + FittedLayout.MaxGrids * channel, FittedLayout.MaxGrids).ToArray().Sum(weight => weight * weight);
        double colors = Enumerable.Range(0, FittedLayout.Colors).Sum(color => Math.Pow(anchor[Layout.ColorWeights + color * Layout.Hidden + channel], 2));
        return Math.Sqrt(weights * colors);
    });

    /// <summary>Replaces a file in one go, so that whoever reads it meanwhile finds the old or the new one.</summary>
    public void Write(string path)
    {
        string temporary = path + ".new";
        using (BinaryWriter writer = new(File.Create(temporary)))
        {
            foreach (float value in _anchors.SelectMany(anchor => anchor))
            {
                writer.Write(value);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }
}
