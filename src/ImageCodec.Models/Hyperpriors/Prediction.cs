using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>The means and the logarithms of scales that a channel group predicts for its values.</summary>
/// <param name="tensor">At each place the means of the channels, then the logarithms of their scales.</param>
/// <param name="channels">The group's channels.</param>
/// <param name="isHalfWidth">Whether only the positions of one half of the checkerboard are there, side by side.</param>
internal readonly unsafe struct Prediction(Tensor tensor, int channels, bool isHalfWidth)
{
    public Tensor Tensor => tensor;

    /// <summary>The means at a place of the latent; the logarithms of scales follow them.</summary>
    public float* At(int row, int column) => tensor.Data + ((nint)row * tensor.Width + (isHalfWidth ? column / 2 : column)) * tensor.Channels;

    /// <summary>The logarithms of the scales at a place of the latent.</summary>
    public float* LogScalesAt(int row, int column) => At(row, column) + channels;
}
