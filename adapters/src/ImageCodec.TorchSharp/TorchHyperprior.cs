using ImageCodec.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>The modules of a hyperprior. They are registered with the whole network, as their names in weights files have no common prefix.</summary>
internal sealed class TorchHyperprior
{
    public TorchHyperprior(Hyperprior hyperprior)
    {
        Definition = hyperprior;
        Analysis = TorchLayers.Create(hyperprior.Analysis);
        Synthesis = TorchLayers.Create(hyperprior.Synthesis);
        Slices = [.. hyperprior.Slices.Select(slice => new TorchSlice(slice))];
        Prior = new TorchPrior(hyperprior);
    }

    public Hyperprior Definition { get; }

    public Module<Tensor, Tensor> Analysis { get; }

    public Module<Tensor, Tensor> Synthesis { get; }

    public IReadOnlyList<TorchSlice> Slices { get; }

    public TorchPrior Prior { get; }

    /// <summary>A table of gains' logarithms or of offsets at the rates of pictures.</summary>
    /// <param name="table">[anchor, channel].</param>
    /// <param name="rates">A rate for each picture.</param>
    /// <returns>[picture, channel, 1, 1].</returns>
    public static Tensor At(Tensor table, float[] rates)
    {
        long[] lower = [.. rates.Select(rate => (long)Hyperprior.Anchor(rate).Anchor)];
        Tensor part = tensor(rates.Select(rate => Hyperprior.Anchor(rate).Part).ToArray(), device: table.device).unsqueeze(1);
        Tensor index = tensor(lower, device: table.device);
        Tensor below = table.index_select(0, index);
        Tensor above = table.index_select(0, index + 1);
        return (below + part * (above - below)).unsqueeze(-1).unsqueeze(-1);
    }
}

/// <summary>The layers that predict a slice of the latent.</summary>
internal sealed class TorchSlice : Module
{
    private readonly TorchConvolution? previous;
    private readonly TorchConvolution neighbours;
    private readonly Module<Tensor, Tensor> head;

    public TorchSlice(HyperpriorSlice slice)
        : base(nameof(TorchSlice))
    {
        Definition = slice;
        previous = slice.Previous is null ? null : new TorchConvolution(slice.Previous);
        neighbours = new TorchConvolution(slice.Neighbours);
        head = TorchLayers.Create(slice.Head);
        RegisterComponents();
    }

    public HyperpriorSlice Definition { get; }

    public TorchConvolution? Previous => previous;

    public TorchConvolution Neighbours => neighbours;

    public Module<Tensor, Tensor> Head => head;
}

/// <summary>The distribution of the hyper-latent.</summary>
internal sealed class TorchPrior : Module
{
    private readonly TorchParameter means;
    private readonly TorchParameter log_scales;

    public TorchPrior(Hyperprior hyperprior)
        : base(nameof(TorchPrior))
    {
        means = TorchLayers.CreateParameter(hyperprior.PriorMeans);
        log_scales = TorchLayers.CreateParameter(hyperprior.PriorLogScales);
        RegisterComponents();
    }

    /// <summary>[1, channel, 1, 1].</summary>
    public Tensor Means => means.view(1, -1, 1, 1);

    /// <summary>[1, channel, 1, 1].</summary>
    public Tensor LogScales => log_scales.view(1, -1, 1, 1);
}

/// <summary>Modules under numbers.</summary>
internal sealed class TorchList : Module
{
    public TorchList(IReadOnlyList<Module> modules)
        : base(nameof(TorchList))
    {
        for (int i = 0; i < modules.Count; i++)
        {
            register_module($"{i}", modules[i]);
        }
    }
}
