using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Every value of 16 bits against .NET's own conversion.</summary>
public class HalfTests
{
    [Test]
    public void Every_value_is_widened_exactly([Values] bool onlyFinite)
    {
        ushort[] patterns = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i).Where(i => !onlyFinite || Half.IsFinite(BitConverter.UInt16BitsToHalf(i)))];
        float[] widened = new float[patterns.Length];

        Assert.That(ElementTypes.TryWiden(MemoryMarshal.AsBytes(patterns.AsSpan()), ElementType.Float16, bigEndian: !BitConverter.IsLittleEndian, widened));

        Assert.That(
            widened.Select(BitConverter.SingleToUInt32Bits),
            Is.EqualTo(patterns.Select(pattern => BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf(pattern)))));
    }
}
