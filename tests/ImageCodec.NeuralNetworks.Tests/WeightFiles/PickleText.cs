using System.Text;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Writes pickles by hand, one operation at a time.</summary>
internal sealed class PickleText
{
    private readonly List<byte> _bytes = [];

    public PickleText Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleText Op(char code, params byte[] operand) => Op([(byte)code, .. operand]);

    public PickleText Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Op(BitConverter.GetBytes(utf8.Length)).Op(utf8);
    }

    public PickleText Global(string module, string name) => Op(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    public PickleText Number(long number) => Op(0x8A, 8).Op(BitConverter.GetBytes(number));

    public PickleText Numbers(params long[] numbers)
    {
        Op('(');
        foreach (long number in numbers)
        {
            Number(number);
        }

        return Op('t');
    }

    /// <summary>A tensor in the storage «0» of <paramref name="count"/> floats.</summary>
    public PickleText Tensor(long count, long start, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op('(').Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(count).Op('t').Op('Q')
            .Number(start).Numbers(shape).Numbers(strides).Op(0x89).Op('}').Op('t').Op('R');

    public byte[] Stop() => [.. Op('.')._bytes];

    /// <summary>A checkpoint with one tensor «w» in a storage of <paramref name="storage"/> bytes.</summary>
    public static byte[] Checkpoint(int storage, long count, long start, long[] shape, long[] strides) => WeightFixture.Pack(
        ("a/data.pkl", new PickleText().Op('}').Text("w").Tensor(count, start, shape, strides).Op('s').Stop()),
        ("a/data/0", new byte[storage]));
}
