using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Training;

namespace ImageCodec.NeuralNetworks.Tests.Training;

/// <summary>Products of matrices against a plain loop.</summary>
public unsafe class MatrixProductTests
{
    [TestCase(1, 16, 1)]
    [TestCase(15, 48, 7)]
    [TestCase(33, 80, 130)]
    public void Every_backend_agrees_with_a_plain_loop_whichever_way_the_first_factor_lies(int rows, int columns, int inner)
    {
        const int Extra = 5;
        RandomSource random = new(rows);
        float[] a = Random(random, rows * inner);
        float[] b = Random(random, inner * (columns + Extra));
        foreach (Backend backend in Backend.All)
        {
            foreach (bool transposed in new[] { false, true })
            {
                float[] c = [.. Enumerable.Repeat(float.NaN, rows * (columns + Extra))];
                fixed (float* pa = a, pb = b, pc = c)
                {
                    MatrixView left = transposed ? new MatrixView(pa, inner, rows, rows).Transposed : new MatrixView(pa, rows, inner, inner);
                    MatrixProduct.Run(
                        backend, left, new MatrixView(pb, inner, columns, columns + Extra), new MatrixView(pc, rows, columns, columns + Extra), inner);
                }

                for (int row = 0; row < rows; row++)
                {
                    for (int column = 0; column < columns; column++)
                    {
                        double sum = 0;
                        for (int k = 0; k < inner; k++)
                        {
                            sum += (double)(transposed ? a[k * rows + row] : a[row * inner + k]) * b[k * (columns + Extra) + column];
                        }

                        Assert.That(c[row * (columns + Extra) + column], Is.EqualTo(sum).Within(1e-4), $"{backend.Lanes} lanes, row {row}, column {column}");
                    }

                    Assert.That(c.Skip(row * (columns + Extra) + columns).Take(Extra), Is.All.NaN, "what lies between the rows is left alone");
                }
            }
        }
    }

    [Test]
    public void Columns_that_fill_no_vector_are_refused()
    {
        float[] values = new float[64];
        fixed (float* p = values)
        {
            MatrixView view = new(p, 3, 3, 3);
            Assert.That(() => MatrixProduct.Run(Backend.All[0], view, view, view, 3), Throws.ArgumentException.With.Message.Contains("3"));
        }
    }

    private static float[] Random(RandomSource random, int length) => [.. Enumerable.Range(0, length + 64).Select(_ => random.NextSingle(-1, 1))];
}
