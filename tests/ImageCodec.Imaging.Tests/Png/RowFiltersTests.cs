using System.Runtime.Intrinsics;
using ImageCodec.Imaging.Png;

namespace ImageCodec.Imaging.Tests.Png;

public sealed class RowFiltersTests
{
    [Test]
    public void Undo_reverses_apply(
        [Values(0, 1, 2, 3, 4)] int type, [Values(1, 2, 3, 4, 6, 8)] int distance, [Values(1, 2, 5, 6, 16, 33)] int pixels)
    {
        Random random = new(type);
        int rowBytes = distance * pixels;
        byte[] row = RandomRow(random, rowBytes);
        byte[] previous = RandomRow(random, rowBytes);
        byte[] filtered = new byte[RowFilters.BufferLength(rowBytes)];
        byte[] back = new byte[filtered.Length];

        RowFilters.Apply(type, row, previous, filtered.AsSpan(RowFilters.Start, rowBytes), distance);
        RowFilters.Undo(type, filtered, previous, back, rowBytes, distance);

        Assert.That(back[RowFilters.Start..][..rowBytes], Is.EqualTo(row[RowFilters.Start..][..rowBytes]));
        Assert.That(back[..RowFilters.Start], Is.All.Zero);
    }

    [Test]
    public void Apply_gives_the_sum_of_magnitudes([Values(1, 15, 16, 17, 5000, 100_000)] int length, [Values(0, 1, 127, 128, 129, 255)] int value)
    {
        byte[] row = new byte[RowFilters.BufferLength(length)];
        row.AsSpan(RowFilters.Start, length).Fill((byte)value);

        long sum = RowFilters.Apply(0, row, row, new byte[length], 3);

        Assert.That(sum, Is.EqualTo((long)length * Math.Abs((int)(sbyte)value)));
    }

    [Test]
    public void Vector_predictors_equal_the_plain_ones()
    {
        AssertFormsAgree<LeftPredictor>();
        AssertFormsAgree<UpPredictor>();
        AssertFormsAgree<AveragePredictor>();
        AssertFormsAgree<PaethPredictor>();
    }

    /// <summary>All triples of bytes for two neighbours and every fifth value of the third, which meets every sign and every tie.</summary>
    private static void AssertFormsAgree<TPredictor>()
        where TPredictor : struct, IPredictor
    {
        for (int left = 0; left < 256; left++)
        {
            for (int up = 0; up < 256; up += 5)
            {
                for (int first = 0; first < 256; first += Vector128<byte>.Count)
                {
                    Vector128<byte> upLeft = Vector128.CreateSequence((byte)first, (byte)1);
                    Vector128<byte> actual = TPredictor.Predict(Vector128.Create((byte)left), Vector128.Create((byte)up), upLeft);
                    for (int i = 0; i < Vector128<byte>.Count; i++)
                    {
                        if (actual[i] != TPredictor.Predict((byte)left, (byte)up, (byte)(first + i)))
                        {
                            Assert.Fail($"{typeof(TPredictor).Name} differs at {left}, {up}, {first + i}.");
                        }
                    }
                }
            }
        }
    }

    private static byte[] RandomRow(Random random, int rowBytes)
    {
        byte[] row = new byte[RowFilters.BufferLength(rowBytes)];
        random.NextBytes(row.AsSpan(RowFilters.Start, rowBytes));
        return row;
    }
}
