namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>What a convolution applies to its sums.</summary>
internal enum Activation
{
    None,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,
}
