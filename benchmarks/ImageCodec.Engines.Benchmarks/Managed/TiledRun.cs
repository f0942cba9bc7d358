namespace ImageCodec.Engines.Benchmarks;

/// <summary>A transform of the library as its compressor calls it, which works in tiles.</summary>
internal sealed class TiledRun(ForwardCase forward, Action<float[], float[]> transform) : IContender
{
    private readonly float[] _input = forward.CreateInput();
    private readonly float[] _output = new float[forward.Output.Length];

    public string Note => "";

    public void Run() => transform(_input, _output);

    public float[] Output() => _output;

    public void Dispose()
    {
    }
}
