using BenchmarkDotNet.Attributes;
using ImageCodec.SamplePicture;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>The default model's whole way from a picture to a file and back, for its memory column.</summary>
[MemoryDiagnoser]
public class CompressorAllocationBenchmarks
{
    private ImageCompressor _compressor = null!;
    private RgbImage _picture = null!;
    private byte[] _file = [];

    [Params(128, 512)]
    public int Side { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _compressor = ImageCompressor.LoadPretrained();
        _picture = StreetPicture.Render(Side, Side);
        _file = _compressor.Compress(_picture);
    }

    [GlobalCleanup]
    public void CleanUp() => _compressor.Dispose();

    [Benchmark]
    public byte[] Compress() => _compressor.Compress(_picture);

    [Benchmark]
    public RgbImage Decompress() => _compressor.Decompress(_file);
}
