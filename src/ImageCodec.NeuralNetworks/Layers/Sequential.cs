using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>Layers one after another, each with the name its parameters have in weights files.</summary>
internal sealed class Sequential : Layer
{
    /// <summary>Values of a map that is kept apart from those of other pictures.</summary>
    private const int MinLargeMap = 1 << 17;

    private readonly (string Name, Layer Layer)[] _layers;

    public Sequential(params (string Name, Layer Layer)[] layers) => (_layers, Layers) = (layers, [.. layers.Select(item => item.Layer)]);

    /// <summary>The layers with their names, in order.</summary>
    public IReadOnlyList<(string Name, Layer Layer)> Named => _layers;

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        from item in _layers from inner in item.Layer.Parameters select ($"{item.Name}.{inner.Name}", inner.Parameter);

    public override double Scale => ScaleFrom(0);

    public override double Reach => ReachFrom(0);

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

    /// <summary>The layers of these that are sequences themselves taken out of them, all in one row.</summary>
    public Sequential Flatten() => new([.. _layers.SelectMany(item => item.Layer is Sequential inner ? inner.Flatten()._layers : [item])]);

    public override Tensor Forward(ComputeScope scope, Tensor input) =>
        !scope.IsRecording && input.Count >= 2 * scope.MaxThreads && HasLargeMaps(input.Shape) ? ForwardEach(scope, input) : Forward(scope, input, null);

    /// <summary>Computes a part of the output, and of the rest what is easier done than left out.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="input">What is read; stays the caller's.</param>
    /// <param name="window">The part that is wanted; then tells where it is. Null for everything.</param>
    public Tensor Forward(ComputeScope scope, Tensor input, OutputWindow? window)
    {
        Tensor current = input;
        for (int done = 0; done < _layers.Length;)
        {
            FusedLayers? fused = scope.IsRecording ? null : FusedLayers.Find(Layers, done, current.Shape, scope.MaxThreads);
            Become(fused?.Forward(scope, current) ?? Layers[done].Forward(scope, current));
            done += fused?.LayerCount ?? 1;
            if (window is not null && done < _layers.Length)
            {
                Become(window.Cut(scope, current, ScaleFrom(done), ReachFrom(done)));
            }
        }

        return current;

        void Become(Tensor next)
        {
            if (current != input && next != current)
            {
                scope.ReleaseUnlessRecording(current);
            }

            current = next;
        }
    }

    /// <summary>Computes a batch picture by picture, each on one thread, whose maps then stay in the cache from layer to layer.</summary>
    private unsafe Tensor ForwardEach(ComputeScope scope, Tensor input)
    {
        Tensor output = scope.Create(input.Count, OutputShape(input.Shape));
        scope.For(input.Count, index =>
        {
            using ComputeScope own = scope.ForOneThread();
            Tensor picture = new(input.Data + index * input.PictureLength, 1, input.Shape);
            Forward(own, picture, null).Span.CopyTo(output.Picture(index));
        });
        return output;
    }

    /// <summary>Whether each layer has enough places in a picture to be worth its weights, and some map is so large that a batch of them would not stay in the cache.</summary>
    private bool HasLargeMaps(TensorShape shape)
    {
        int largest = 0;
        foreach ((_, Layer layer) in _layers)
        {
            if (layer is Sequential inner)
            {
                return inner.HasLargeMaps(shape);
            }

            shape = layer.OutputShape(shape);
            largest = Math.Max(largest, shape.Length);

            if (shape.Width < Backend.Current.MaxTileRows)
            {
                return false;
            }
        }

        return largest >= MinLargeMap;
    }

    private double ScaleFrom(int first) => _layers.Skip(first).Aggregate(1.0, (scale, item) => scale * item.Layer.Scale);

    private double ReachFrom(int first)
    {
        double reach = 0;
        double scale = 1;
        foreach ((_, Layer layer) in _layers.AsSpan(first))
        {
            reach += layer.Reach / scale;
            scale *= layer.Scale;
        }

        return reach;
    }
}
