using BenchmarkDotNet.Attributes;
using ImageCodec.Models;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>Whole transforms through the public contracts, for their memory column: what a run allocates must not grow with the picture.</summary>
[MemoryDiagnoser]
public class AllocationBenchmarks
{
    private Autoencoder _model = null!;
    private float[] _picture = [];
    private float[] _latent = [];
    private TensorShape _pictureShape;
    private TensorShape _latentShape;

    [Params("baseline", "strided", "residual", "vae", "hyperprior")]
    public string Architecture { get; set; } = "";

    [Params(128, 512)]
    public int Side { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _model = ModelFactory.Create(Architecture, seed: 1);
        _pictureShape = new TensorShape(Side, Side, 3);
        _latentShape = new TensorShape(Side / _model.Encoder.Stride, Side / _model.Encoder.Stride, _model.Encoder.LatentChannels);
        _picture = new float[_pictureShape.Length];
        _latent = new float[_latentShape.Length];
        Array.Fill(_picture, 0.5f);
    }

    [GlobalCleanup]
    public void CleanUp() => _model.Dispose();

    [Benchmark]
    public void Encode() => _model.Encoder.Encode(_picture, _pictureShape, _latent);

    [Benchmark]
    public void Decode() => _model.Decoder.Decode(_latent, _latentShape, _picture);
}
