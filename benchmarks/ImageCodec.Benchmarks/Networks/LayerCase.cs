using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>A layer to measure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Input">The shape that it reads.</param>
/// <param name="IsFirst">Whether it is a network's first one, which hands no gradient on.</param>
/// <param name="IsForHalf">Whether it is computed for one field of a checkerboard only; backward, as training does, for all places.</param>
/// <param name="Counts">With how many pictures at a time.</param>
internal sealed record LayerCase(string Name, ConvolutionLayer Layer, TensorShape Input, bool IsFirst, bool IsForHalf, int[] Counts);
