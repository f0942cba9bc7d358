namespace ImageCodec.NeuralNetworks;

/// <summary>How exactly weights are written.</summary>
internal enum WeightPrecision
{
    /// <summary>32-bit floats: every bit comes back.</summary>
    Single,

    /// <summary>16-bit floats, rounded to the nearest: half the bytes, 11 bits of precision, magnitudes up to 65504.</summary>
    Half,

    /// <summary>
    /// Signed bytes, with a scale for each index of the first side: a quarter of the bytes, steps of 1/127 of a row's largest magnitude. Tensors
    /// of a single side, such as biases, stay 32-bit floats.
    /// </summary>
    Byte,
}
