using BenchmarkDotNet.Attributes;
using ImageCodec.Entropy;

namespace ImageCodec.Benchmarks;

/// <summary>The coder for learned distributions: 64 normal distributions, drawn with equal probability, values drawn from them.</summary>
public class TableCoderBenchmarks
{
    private TableCoder _coder = null!;
    private short[] _values = [];
    private byte[] _indices = [];
    private byte[] _stream = [];
    private int _length;

    [Params(16, 64, 256)]
    public int LargestScale { get; set; }

    [Params(4096, 300_000, 4_000_000)]
    public int Symbols { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        FrequencyTable[] tables = [.. Enumerable.Range(0, 64).Select(i => FrequencyTable.FromGaussian(0.11 * Math.Pow(LargestScale / 0.11, i / 63.0)))];
        _coder = new TableCoder(new FrequencyTableSet(tables));
        Random random = new(1);
        _values = new short[Symbols];
        _indices = new byte[Symbols];
        for (int i = 0; i < Symbols; i++)
        {
            _indices[i] = (byte)random.Next(tables.Length);
            FrequencyTable table = tables[_indices[i]];
            int slot = random.Next(FrequencyTable.Total);
            int place = 0;
            while (slot >= table.Frequencies[place])
            {
                slot -= table.Frequencies[place++];
            }

            // The escape's place, too, is a value: the first one above the table.
            _values[i] = (short)(table.MinValue + place);
        }

        _stream = new byte[TableCoder.GetMaxEncodedLength(Symbols)];
        Encode();
        double content = _coder.EstimateBits(_values, _indices) / 8;
        Console.WriteLine(FormattableString.Invariant(
            $"// {Symbols} values: {_length} bytes, information content {content:0.0}, {_length - content:0.0} bytes = {100 * ((_length / content) - 1):0.0000} % over it"));
    }

    [Benchmark]
    public bool Encode() => _coder.TryEncode(_values, _indices, _stream, out _length);

    [Benchmark]
    public bool Decode() => _coder.TryDecode(_stream.AsSpan(0, _length), _indices, _values);
}
