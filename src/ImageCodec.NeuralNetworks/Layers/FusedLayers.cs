using System.Collections.Concurrent;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>
/// Layers one after another, run band by band of rows, so that what one writes is still in the cache when the next reads it (layer fusion; Alwani et al., 2016). The bits
/// are those of the layers by themselves.
/// </summary>
/// <remarks>Worth it where there are many values for the work on them, as in narrow convolutions at the picture's full size.</remarks>
internal sealed class FusedLayers
{
    /// <summary>A map between two layers is kept in the cache if there is one of its values for at most so many multiply-adds of both.</summary>
    private const double MaxOperationsPerValue = 1500;

    /// <summary>Smaller maps stay in the cache as they are.</summary>
    private const int MinValues = 1 << 18;

    /// <summary>What a stage's rows of a band may take.</summary>
    private const int BandBytes = 192 << 10;

    /// <summary>Threads that take stretches of rows compute some rows twice at the borders; this share of the work at most.</summary>
    private const double MaxOverlap = 0.025;

    /// <summary>So many stretches for each thread, where that overlaps little, so that none waits long for the last.</summary>
    private const int StretchesPerThread = 4;

    private readonly FusedStage[] _stages;

    private FusedLayers(FusedStage[] stages, int layerCount) => (_stages, LayerCount) = (stages, layerCount);

    /// <summary>How many layers are fused.</summary>
    public int LayerCount { get; }

    /// <summary>The layers from one on that are worth fusing; null if there are none.</summary>
    /// <param name="layers">The layers of a network.</param>
    /// <param name="first">The first that has not run yet.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="threads">How many threads will share the rows.</param>
    public static FusedLayers? Find(IReadOnlyList<Layer> layers, int first, TensorShape input, int threads)
    {
        List<FusedStage> stages = [];
        int count = 0;
        while (first + count < layers.Count)
        {
            List<FusedStage> more = [];
            int taken = Take(layers, first + count, stages.Count == 0 ? input : stages[^1].Output, stages.Count, more);
            if (taken == 0 || !IsWorth([.. stages.TakeLast(1), .. more]) || Overlap([.. stages, .. more], threads) > MaxOverlap)
            {
                break;
            }

            stages.AddRange(more);
            count += taken;
        }

        bool pays = stages.Count > 1
            || (stages.Count == 1 && (stages[0].Pools || stages[0].IsNarrow) && Math.Max(stages[0].Input.Length, stages[0].Convolved.Length) >= MinValues);
        return pays ? new FusedLayers([.. stages], count) : null;
    }

    /// <summary>Computes the layers.</summary>
    public Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor output = scope.Create(input.Count, _stages[^1].Output);
        WeightPanels?[] panels = [.. _stages.Select(stage => stage.IsNarrow ? null : stage.Layer.Panels()[0])];
        int rows = output.Height;
        int pieces = Cuts(rows, input.Count, scope.MaxThreads);
        ConcurrentBag<FusedRun> idle = [];
        int band = BandRows();
        for (int i = 0; i < Math.Min(scope.MaxThreads, pieces * input.Count); i++)
        {
            idle.Add(new FusedRun(scope, _stages, panels, band));
        }

        scope.For(pieces * input.Count, index =>
        {
            (int picture, int piece) = Math.DivRem(index, pieces);
            if (!idle.TryTake(out FusedRun? run))
            {
                throw new InvalidOperationException("More threads work than were asked for.");
            }

            try
            {
                run.Run(input, output, picture, rows * piece / pieces, rows * (piece + 1) / pieces, scope.CancellationToken);
            }
            finally
            {
                idle.Add(run);
            }
        });
        foreach (FusedRun run in idle)
        {
            run.Release(scope);
        }

        GC.KeepAlive(panels);
        return output;
    }

    /// <summary>Appends the stages of one layer, or of a convolution and the pooling behind it.</summary>
    /// <returns>How many layers they are; 0 for layers that can't be fused.</returns>
    private static int Take(IReadOnlyList<Layer> layers, int index, TensorShape input, int before, List<FusedStage> stages)
    {
        switch (layers[index])
        {
            case ConvolutionLayer convolution when CanFuse(convolution):
                FusedStage stage = new(convolution, input);
                bool pools = !stage.IsNarrow && index + 1 < layers.Count && layers[index + 1] is MaxPooling;
                stages.Add(pools ? new FusedStage(convolution, input) { Pools = true } : stage);
                return pools ? 2 : 1;
            case ResidualBlock block when block.Inner.Layers.All(layer => layer is ConvolutionLayer inner && CanFuse(inner)):
                foreach (ConvolutionLayer inner in block.Inner.Layers.Cast<ConvolutionLayer>())
                {
                    bool isLast = stages.Count == block.Inner.Layers.Count - 1;
                    stages.Add(new FusedStage(inner, stages.Count == 0 ? input : stages[^1].Output) { AddsInputOf = isLast ? before : -1 });
                }

                return stages[0].IsNarrow ? 0 : 1;
            default:
                return 0;
        }
    }

    private static bool CanFuse(ConvolutionLayer layer) => !layer.IsTransposed && layer.Activation != Activation.Sigmoid;

    private static bool IsWorth(IReadOnlyList<FusedStage> stages)
    {
        int minColumns = Backend.Current.MaxTileRows;
        for (int i = 0; i < stages.Count; i++)
        {
            FusedStage stage = stages[i];
            if (stage.Convolved.Width < minColumns)
            {
                return false;
            }

            if (i > 0 && (stages[i - 1].Output.Length < MinValues
                || stages[i - 1].Operations + stage.Operations > MaxOperationsPerValue * stages[i - 1].Output.Length))
            {
                return false;
            }
        }

        return true;
    }

    private int BandRows()
    {
        double rows = 1;
        double largest = 0;
        for (int i = _stages.Length - 1; i >= 0; i--)
        {
            (int first, int end) = _stages[i].InputRows(0, 64);
            rows *= (end - first) / 64.0;
            largest = Math.Max(largest, rows * _stages[i].Input.Width * _stages[i].Input.Channels * sizeof(float));
        }

        return Math.Clamp((int)(BandBytes / largest), 1, 64);
    }

    /// <summary>Into how many stretches of rows each picture is cut: as many for each thread.</summary>
    private int Cuts(int rows, int pictures, int threads)
    {
        if (threads == 1)
        {
            return 1;
        }

        int cuts = Math.Min(rows, (StretchesPerThread * threads + pictures - 1) / pictures);
        while (cuts > threads && Overlap(_stages, cuts) > MaxOverlap)
        {
            cuts -= threads;
        }

        return cuts;
    }

    /// <summary>What a picture in so many stretches costs more than in one piece, as a share.</summary>
    private static double Overlap(FusedStage[] stages, int cuts)
    {
        int last = stages[^1].Output.Height;
        int rows = Math.Max(1, last / cuts);
        double all = 0;
        double twice = 0;
        for (int i = stages.Length - 1; i >= 0; i--)
        {
            FusedStage stage = stages[i];
            double own = (double)stage.Output.Height * Math.Max(1, last / cuts) / last;
            all += stage.Operations;
            twice += (cuts - 1) * stage.Operations * Math.Max(0, rows - own) / stage.Output.Height;
            (int first, int end) = stage.InputRows(0, rows);
            rows = end - first;
        }

        return twice / all;
    }
}
