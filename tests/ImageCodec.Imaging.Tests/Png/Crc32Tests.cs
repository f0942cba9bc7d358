using System.Text;
using ImageCodec.Imaging.Png;

namespace ImageCodec.Imaging.Tests.Png;

public sealed class Crc32Tests
{
    /// <summary>The check value that catalogues of CRCs give for this one, and two that Python's zlib.crc32 gives.</summary>
    [TestCase("", 0u)]
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("IEND", 0xAE426082u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Known_values(string text, uint expected) => Assert.That(Crc32.Of(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));

    [Test]
    public void Pieces_give_what_the_whole_gives()
    {
        byte[] data = new byte[300];
        new Random(1).NextBytes(data);
        for (int cut = 0; cut <= data.Length; cut++)
        {
            Crc32 crc = default;
            crc.Add(data.AsSpan(0, cut));
            crc.Add(data.AsSpan(cut));
            Assert.That(crc.Value, Is.EqualTo(Crc32.Of(data)));
        }
    }
}
