using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Evaluation.Tests;

/// <summary>A codec of this library with random weights.</summary>
internal sealed class TestCodec : IDisposable
{
    public const int DefaultLevel = 2;

    private readonly Autoencoder _model = ModelFactory.CreateStrided(seed: 3, maxThreads: 1);

    public TestCodec() => Compressor = new ImageCompressor(
        _model.Encoder, _model.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), ContextCoder.Instance, DefaultLevel), new CodecFingerprint(0x123456));

    public ImageCompressor Compressor { get; }

    public EvaluatedCodec Named(string name) => EvaluatedCodec.Of(name, Compressor);

    public void Dispose()
    {
        Compressor.Dispose();
        _model.Dispose();
    }
}
