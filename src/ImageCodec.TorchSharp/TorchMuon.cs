using ImageCodec.Training;
using static TorchSharp.torch;
using ManagedParameter = ImageCodec.NeuralNetworks.Layers.Parameter;

namespace ImageCodec.TorchSharp;

/// <summary>The step of <see cref="Muon"/> in tensors, all blocks of a parameter at once.</summary>
internal static class TorchMuon
{
    /// <summary>Changes a parameter.</summary>
    /// <param name="managed">The library's parameter, whose layout says what its columns are.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="moment">Its momentum, which takes the gradient in.</param>
    /// <param name="rate">The step, in root mean square singular values of a block.</param>
    public static void Step(ManagedParameter managed, Tensor values, Tensor gradient, Tensor moment, float rate)
    {
        moment.lerp_(gradient, 1 - Muon.Momentum);
        int width = Muon.BlockWidth(managed);
        Tensor ahead = ToBlocks(gradient + Muon.Momentum * (moment - gradient), managed, width);
        Tensor norm = Squares(ahead).sqrt() + Muon.Epsilon;
        Tensor size = (Squares(ToBlocks(values, managed, width)) / width).sqrt().clamp_min(Muon.SmallestScale);
        Tensor factor = Factor(ahead.transpose(1, 2).bmm(ahead) / norm.square());
        values.sub_(FromBlocks(ahead.bmm(factor) * (rate * size / norm), managed, width));
    }

    /// <summary>What directions are to be multiplied by, from their columns' inner products.</summary>
    private static Tensor Factor(Tensor gram)
    {
        Tensor one = eye(gram.shape[1], device: gram.device);
        Tensor factor = one;
        for (int iteration = 0; iteration < Muon.Iterations; iteration++)
        {
            Tensor step = Muon.A * one + Muon.B * gram + Muon.C * gram.matmul(gram);
            factor = factor.matmul(step);
            gram = gram.matmul(step).matmul(step);
        }

        return factor;
    }

    /// <summary>Sums of squares: [block, 1, 1].</summary>
    private static Tensor Squares(Tensor blocks) => blocks.square().sum([1, 2], keepdim: true);

    /// <summary>A parameter to [block, row, column], as the kernels keep it.</summary>
    private static Tensor ToBlocks(Tensor parameter, ManagedParameter managed, int width)
    {
        long columns = managed.Layout.FileShape[managed.Layout.Axes[^1]];
        return TorchLayers.ToKernelOrder(parameter, managed.Layout).reshape(-1, columns / width, width).permute(1, 0, 2).contiguous();
    }

    private static Tensor FromBlocks(Tensor blocks, ManagedParameter managed, int width) =>
        TorchLayers.ToFileOrder(blocks.permute(1, 0, 2).reshape(-1, blocks.shape[0] * width), managed.Layout);
}
