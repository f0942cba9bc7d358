using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>
/// A part of a network. Forward passes may run on many threads at once, each in a scope of its own, as long as no parameter changes meanwhile.
/// They are on the way from bytes to pixels: their bits are the same for every vector width and number of threads. For the way back, which a scope that
/// records leads through a layer too, this holds for gradients by values only.
/// </summary>
internal abstract class Layer
{
    /// <summary>The parameters with their names, those of layers inside behind their layer's name and a dot.</summary>
    public abstract IEnumerable<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>The shape that comes of an input shape.</summary>
    /// <exception cref="ArgumentException">The layer can't take that shape; names the layer, what it expects and what was given.</exception>
    public abstract TensorShape OutputShape(TensorShape input);

    /// <summary>Output places for one input place, each way; below 1 where the layer makes maps smaller.</summary>
    public abstract double Scale { get; }

    /// <summary>How many input places, on any side, an output place sees beyond those that it stands for.</summary>
    public abstract double Reach { get; }

    /// <summary>Multiply-accumulate operations for one picture of an input shape.</summary>
    public abstract long CountOperations(TensorShape input);

    /// <summary>Computes the layer. <paramref name="input"/> stays the caller's.</summary>
    /// <exception cref="ArgumentException">The layer can't take that shape.</exception>
    public abstract Tensor Forward(ComputeScope scope, Tensor input);
}
