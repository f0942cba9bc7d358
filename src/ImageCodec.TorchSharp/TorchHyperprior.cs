using ImageCodec.Models;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>The modules of a hyperprior. They are registered with the whole network, as their names in weights files have no common prefix.</summary>
internal sealed class TorchHyperprior : TorchFamily
{
    public TorchHyperprior(HyperpriorNetwork network)
    {
        Definition = network.EntropyModel;
        Analysis = TorchLayers.Create(Definition.HyperLatent.Analysis);
        Synthesis = TorchLayers.Create(Definition.HyperLatent.Synthesis);
        Groups = [.. Definition.Groups.Select(group => new TorchChannelGroup(group))];
        Prior = new TorchPrior(Definition.HyperLatent);
    }

    public EntropyModel Definition { get; }

    public Module<Tensor, Tensor> Analysis { get; }

    public Module<Tensor, Tensor> Synthesis { get; }

    public IReadOnlyList<TorchChannelGroup> Groups { get; }

    public TorchPrior Prior { get; }

    public override void Register(TorchAutoencoder module)
    {
        module.register_module("hyper_analysis", Analysis);
        module.register_module("hyper_synthesis", Synthesis);
        module.register_module("slices", new TorchList([.. Groups]));
        module.register_module("prior", Prior);
        foreach (ImageCodec.NeuralNetworks.Layers.Parameter table in Definition.Gains.Parameters)
        {
            module.register_parameter(table.Name, TorchLayers.CreateParameter(table));
        }
    }

    public override StepResult RunLoss(TorchAutoencoder module, Tensor pictures, TrainingBatch batch, LossOptions options) =>
        TorchHyperpriorLoss.Run(module, this, pictures, batch);

    /// <summary>A table of gains' logarithms or of offsets at the rates of pictures.</summary>
    /// <param name="table">[rate, channel].</param>
    /// <param name="rates">A rate for each picture.</param>
    /// <returns>[picture, channel, 1, 1].</returns>
    public static Tensor At(Tensor table, float[] rates)
    {
        long[] lower = [.. rates.Select(rate => (long)RateGains.Locate(rate).Lower)];
        Tensor part = tensor(rates.Select(rate => RateGains.Locate(rate).Part).ToArray(), device: table.device).unsqueeze(1);
        Tensor index = tensor(lower, device: table.device);
        Tensor below = table.index_select(0, index);
        Tensor above = table.index_select(0, index + 1);
        return (below + part * (above - below)).unsqueeze(-1).unsqueeze(-1);
    }
}

/// <summary>The layers that predict a channel group of the latent, under their names in weights files.</summary>
internal sealed class TorchChannelGroup : Module
{
    private readonly TorchConvolution? previous;
    private readonly TorchConvolution neighbours;
    private readonly Module<Tensor, Tensor> head;

    public TorchChannelGroup(ChannelGroup group)
        : base(nameof(TorchChannelGroup))
    {
        Definition = group;
        previous = group.ChannelContext is null ? null : new TorchConvolution(group.ChannelContext);
        neighbours = new TorchConvolution(group.SpatialContext);
        head = TorchLayers.Create(group.Head);
        RegisterComponents();
    }

    public ChannelGroup Definition { get; }

    public TorchConvolution? ChannelContext => previous;

    public TorchConvolution SpatialContext => neighbours;

    public Module<Tensor, Tensor> Head => head;
}

/// <summary>The distribution of the hyper-latent.</summary>
internal sealed class TorchPrior : Module
{
    private readonly TorchParameter means;
    private readonly TorchParameter log_scales;

    public TorchPrior(HyperLatent hyperLatent)
        : base(nameof(TorchPrior))
    {
        means = TorchLayers.CreateParameter(hyperLatent.Means);
        log_scales = TorchLayers.CreateParameter(hyperLatent.LogScales);
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
