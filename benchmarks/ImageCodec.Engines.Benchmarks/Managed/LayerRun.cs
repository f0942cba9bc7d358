using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The library's own layers.</summary>
internal sealed class LayerRun : IContender
{
    private readonly ForwardCase _forward;
    private readonly ComputeScope _scope;
    private readonly Tensor _input;
    private Tensor? _output;

    public LayerRun(ForwardCase forward, Workspace workspace, int threads)
    {
        _forward = forward;
        _scope = new ComputeScope(workspace, threads);
        _input = _scope.Create(forward.Count, forward.Input);
        forward.CreateInput().CopyTo(_input.Span);
    }

    public string Note => "";

    public void Run()
    {
        if (_output is not null)
        {
            _scope.Release(_output);
        }

        _output = _forward.IsForHalf
            ? ((ConvolutionLayer)_forward.Layer).ForwardHalf(_scope, _input, ForwardCase.Half)
            : _forward.Layer.Forward(_scope, _input);
    }

    public float[] Output() => _output!.Span.ToArray();

    public void Dispose() => _scope.Dispose();
}
