using Microsoft.ML.OnnxRuntime;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>The layers in ONNX Runtime, with input and output bound to memory that stays, so that no run copies them.</summary>
internal sealed class OnnxRun : IContender
{
    private readonly ForwardCase _forward;
    private readonly float[] _output;
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputValue;
    private readonly OrtValue _outputValue;
    private readonly RunOptions _runOptions = new();

    public OnnxRun(ForwardCase forward, int threads)
    {
        _forward = forward;
        float[] input = forward.CreateInputPlanes();
        _output = GC.AllocateUninitializedArray<float>(checked(forward.Count * forward.Output.Length), pinned: true);
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxModel.ToBytes(forward), options);
        _inputValue = OrtValue.CreateTensorValueFromMemory(input, OnnxModel.Sides(forward.Count, forward.Input));
        _outputValue = OrtValue.CreateTensorValueFromMemory(_output, OnnxModel.Sides(forward.Count, forward.Output));
        _binding = _session.CreateIoBinding();
        _binding.BindInput(OnnxModel.InputName, _inputValue);
        _binding.BindOutput(OnnxModel.OutputName, _outputValue);
    }

    public string Note => "";

    public void Run() => _session.RunWithBinding(_runOptions, _binding);

    public float[] Output() => _forward.OutputFromPlanes(_output);

    public void Dispose()
    {
        _binding.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _session.Dispose();
        _runOptions.Dispose();
    }
}
