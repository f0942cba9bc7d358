namespace ImageCodec.Tests;

public class PictureTensorTests
{
    private static readonly float[] s_values =
    [
        0, -0f, 1, 0.5f, 0.25f, -0.25f, 0.5f / 255, 1.5f / 255, 254.5f / 255, float.BitDecrement(0.5f / 255), float.BitDecrement(1), float.BitIncrement(1),
        float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0.7f, 0.123f, 3e9f, -3e9f,
    ];

    /// <summary>Rows of every length up to several vectors, from every value on, against the formula for one value.</summary>
    [Test]
    public void Values_become_the_nearest_level()
    {
        for (int width = 1; width <= 20; width++)
        {
            for (int start = 0; start < s_values.Length; start++)
            {
                float[] row = [.. Enumerable.Range(start, 3 * width).Select(i => s_values[i % s_values.Length])];

                RgbImage image = new(width, 1);
                PictureTensor.ToImage(row, new TensorShape(1, width, 3), image);

                Assert.That(image.GetRow(0).ToArray(), Is.EqualTo(row.Select(Level)), $"width {width}, start {start}");
            }
        }
    }

    private static byte Level(float value) => value >= 1 ? (byte)255 : value > 0 ? (byte)(value * 255 + 0.5f) : (byte)0;
}
