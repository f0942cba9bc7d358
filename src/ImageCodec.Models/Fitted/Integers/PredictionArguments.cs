namespace ImageCodec.Models.Fitted.Integers;

/// <summary>What the kernels of the entropy model work on: lanes <see cref="First"/> … <see cref="End"/> − 1 of several rows of values.</summary>
internal unsafe struct PredictionArguments
{
    /// <summary>Parameters in packs; see <see cref="EntropyWeights"/>.</summary>
    public EntropyWeights Weights;

    /// <summary>For each input, its row. Kernels read up to a vector beyond the last lane.</summary>
    public short** Inputs;

    /// <summary>The first lane.</summary>
    public int First;

    /// <summary>The lane after the last one.</summary>
    public int End;

    /// <summary>Room for the vectors of two layers: 8 for each pair of inputs.</summary>
    public short* Scratch;

    /// <summary>Receives means in sixteenths, plus a half, in whole numbers: what is rounded.</summary>
    public short* Means;

    /// <summary>Receives the places in the tables that fractions and scales name.</summary>
    public short* Rows;
}
