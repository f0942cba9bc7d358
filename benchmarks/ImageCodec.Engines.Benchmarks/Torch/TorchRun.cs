using ImageCodec.TorchSharp;
using static TorchSharp.torch;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The layers in libtorch, without gradients.</summary>
internal sealed class TorchRun : IContender
{
    private readonly ForwardCase _forward;
    private readonly TorchFunctions _functions;
    private readonly Func<Tensor, Tensor> _network;
    private readonly Tensor _input;
    private readonly bool _isChannelsLast;
    private readonly bool _isPadded;
    private Tensor? _output;

    /// <param name="forward">What is computed.</param>
    /// <param name="isChannelsLast">Whether channels lie side by side, or in planes.</param>
    /// <param name="isPadded">Whether convolutions are given channels of zeros that some processors need for right results.</param>
    public TorchRun(ForwardCase forward, bool isChannelsLast, bool isPadded)
    {
        _forward = forward;
        (_isChannelsLast, _isPadded) = (isChannelsLast, isPadded);
        _functions = new TorchFunctions(isChannelsLast, isPadded);
        _network = _functions.Create(forward.Layer, forward.Input);
        TensorShape shape = forward.Input;
        _input = isChannelsLast
            ? tensor(forward.CreateInput(), [forward.Count, shape.Height, shape.Width, shape.Channels]).permute(0, 3, 1, 2)
            : tensor(forward.CreateInputPlanes(), [forward.Count, shape.Channels, shape.Height, shape.Width]);
    }

    public string Note => $"{(_isChannelsLast ? "channels last" : "")}{(_isPadded ? " padded" : "")}".TrimStart();

    public void Run()
    {
        _output?.Dispose();
        using IDisposable still = inference_mode();
        _output = TorchFunctions.Apply(_network, _input);
    }

    public float[] Output()
    {
        using Tensor planes = _output!.contiguous();
        return _forward.OutputFromPlanes(TorchTensors.ToArray(planes));
    }

    public void Dispose()
    {
        _output?.Dispose();
        _input.Dispose();
        _functions.Dispose();
    }
}
