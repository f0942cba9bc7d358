namespace ImageCodec.Tests;

public class Crc24Tests
{
    [Test]
    public void The_check_value_is_the_complement_of_the_published_one() =>
        Assert.That(Crc24.Compute("123456789"u8), Is.EqualTo(0x21CF02 ^ 0xFFFFFF));

    [Test]
    public void Of_nothing_it_is_the_complement_of_the_start_value() => Assert.That(Crc24.Compute([]), Is.EqualTo(0xB704CE ^ 0xFFFFFF));

    [Test]
    public void Every_burst_of_up_to_24_bits_is_found()
    {
        byte[] data = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 37))];
        int right = Crc24.Compute(data);
        foreach (int pattern in new[] { 1, 3, 0x800001, 0xFFFFFF, 0xABCDEF | 0x800001 })
        {
            for (int bit = 0; bit + 24 <= data.Length * 8; bit++)
            {
                byte[] damaged = [.. data];
                for (int i = 0; i < 24; i++)
                {
                    damaged[(bit + i) / 8] ^= (byte)(((pattern >> i) & 1) << ((bit + i) % 8));
                }

                Assert.That(Crc24.Compute(damaged), Is.Not.EqualTo(right), $"pattern {pattern:X6} at bit {bit}");
            }
        }
    }
}
