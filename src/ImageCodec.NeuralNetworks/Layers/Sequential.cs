using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>Layers one after another, each with the name its parameters have in weights files.</summary>
internal sealed class Sequential : Layer
{
    private readonly (string Name, Layer Layer)[] _layers;

    public Sequential(params (string Name, Layer Layer)[] layers) => (_layers, Layers) = (layers, [.. layers.Select(item => item.Layer)]);

    /// <summary>The layers with their names, in order.</summary>
    public IReadOnlyList<(string Name, Layer Layer)> Named => _layers;

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        from item in _layers from inner in item.Layer.Parameters select ($"{item.Name}.{inner.Name}", inner.Parameter);

    public override double Scale => _layers.Aggregate(1.0, (scale, item) => scale * item.Layer.Scale);

    public override double Reach
    {
        get
        {
            double reach = 0;
            double scale = 1;
            foreach ((_, Layer layer) in _layers)
            {
                reach += layer.Reach / scale;
                scale *= layer.Scale;
            }

            return reach;
        }
    }

    public override TensorShape OutputShape(TensorShape input) => _layers.Aggregate(input, (shape, item) => item.Layer.OutputShape(shape));

    public override long CountOperations(TensorShape input)
    {
        long sum = 0;
        foreach ((_, Layer layer) in _layers)
        {
            sum += layer.CountOperations(input);
            input = layer.OutputShape(input);
        }

        return sum;
    }

    public override Tensor Forward(ComputeScope scope, Tensor input)
    {
        Tensor current = input;
        for (int done = 0; done < _layers.Length;)
        {
            FusedLayers? fused = scope.IsRecording ? null : FusedLayers.Find(Layers, done, current.Shape);
            Tensor next = fused?.Forward(scope, current) ?? Layers[done].Forward(scope, current);
            if (current != input && next != current)
            {
                scope.ReleaseUnlessRecording(current);
            }

            current = next;
            done += fused?.LayerCount ?? 1;
        }

        return current;
    }
}
