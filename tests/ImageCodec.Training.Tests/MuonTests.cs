using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Layers;

namespace ImageCodec.Training.Tests;

/// <summary>Muon against its definition, computed plainly in double precision.</summary>
public class MuonTests
{
    [Test]
    public void Steps_are_those_of_the_definition()
    {
        const int Inputs = 16;
        const int Outputs = 32;
        const float Rate = 0.01f;
        const double Momentum = 0.95;
        Parameter weight = ConvolutionLayer.Convolve(Inputs, Outputs, 3, 1, 1, Activation.None).Weight;
        RandomSource random = new(1);
        foreach (ref float value in weight.Values)
        {
            value = random.NextSingle(-1, 1);
        }

        // Outputs whose gradients differ a thousandfold: what the method is for.
        int rows = weight.Length / Outputs;
        Muon muon = Muon.Blocks(weight).Single();
        double[,] moment = new double[rows, Outputs];
        for (int step = 0; step < 3; step++)
        {
            double[,] direction = new double[rows, Outputs];
            double[,] before = new double[rows, Outputs];
            double squares = 0;
            for (int i = 0; i < weight.Length; i++)
            {
                (int row, int column) = Math.DivRem(i, Outputs);
                float gradient = random.NextSingle(-1, 1) * (float)Math.Pow(10, -3.0 * column / Outputs);
                weight.Gradient[i] = gradient;
                moment[row, column] = Momentum * moment[row, column] + (1 - Momentum) * gradient;
                direction[row, column] = Momentum * moment[row, column] + (1 - Momentum) * gradient;
                before[row, column] = weight.Values[i];
                squares += before[row, column] * before[row, column];
            }

            muon.Step(Rate, 1);

            double[,] expected = Orthogonalize(direction);
            double size = Rate * Math.Sqrt(squares / Outputs);
            for (int i = 0; i < weight.Length; i++)
            {
                (int row, int column) = Math.DivRem(i, Outputs);
                Assert.That(before[row, column] - weight.Values[i], Is.EqualTo(size * expected[row, column]).Within(0.005 * size), $"step {step}, {row}, {column}");
            }
        }
    }

    [Test]
    public void Weights_come_to_rest_once_there_is_no_gradient_any_more()
    {
        Parameter weight = ConvolutionLayer.Convolve(16, 32, 3, 1, 1, Activation.None).Weight;
        RandomSource random = new(1);
        for (int i = 0; i < weight.Length; i++)
        {
            weight.Values[i] = random.NextSingle(-1, 1);
            weight.Gradient[i] = random.NextSingle(-1e-3f, 1e-3f);
        }

        Muon muon = Muon.Blocks(weight).Single();
        float[] first = weight.Values.ToArray();
        muon.Step(0.01f, 1);
        double step = Change(first);
        float[] rested = [];
        for (int i = 0; i < 3000; i++)
        {
            weight.Gradient.Clear();
            muon.Step(0.01f, 1);
            rested = i == 600 ? weight.Values.ToArray() : rested;
        }

        Assert.That(step, Is.GreaterThan(0));
        Assert.That(Change(rested), Is.LessThan(1e-4 * step));

        double Change(float[] before) => Math.Sqrt(before.Select((value, i) => (double)(weight.Values[i] - value)).Sum(change => change * change));
    }

    [Test]
    public void Wide_matrices_are_cut_into_blocks_and_vectors_are_left_alone()
    {
        Assert.That(Muon.Blocks(ConvolutionLayer.Convolve(128, 320, 3, 2, 1, Activation.None).Weight).Count(), Is.EqualTo(2));
        Assert.That(Muon.Blocks(ConvolutionLayer.Transpose(320, 128, 4, 2, 1, 0, Activation.None).Weight).Count(), Is.EqualTo(2));
        Assert.That(Muon.Takes(ConvolutionLayer.Convolve(16, 16, 3, 1, 1, Activation.None).Bias), Is.False);
        Assert.That(Muon.Takes(ConvolutionLayer.Convolve(16, 3, 3, 1, 1, Activation.None).Weight), Is.False, "three columns fill no vector");
    }

    [Test]
    public void Without_a_gradient_nothing_moves()
    {
        Parameter weight = ConvolutionLayer.Convolve(16, 16, 3, 1, 1, Activation.None).Weight;
        weight.Values.Fill(1);
        Muon.Blocks(weight).Single().Step(0.1f, 1);

        Assert.That(weight.Values.ToArray(), Is.All.EqualTo(1));
    }

    /// <summary>Five rounds of x ← (3.4445 + (−4.7750 + 2.0315 x xᵀ) x xᵀ) x, from x of norm 1.</summary>
    private static double[,] Orthogonalize(double[,] x)
    {
        double norm = Math.Sqrt(x.Cast<double>().Sum(value => value * value));
        x = Combine(1 / norm, x, 0, x);
        for (int round = 0; round < 5; round++)
        {
            double[,] cubed = Multiply(x, Gram(x));
            double[,] fifth = Multiply(cubed, Gram(x));
            x = Combine(1, Combine(3.4445, x, -4.7750, cubed), 2.0315, fifth);
        }

        return x;
    }

    private static double[,] Gram(double[,] x)
    {
        double[,] transposed = new double[x.GetLength(1), x.GetLength(0)];
        for (int i = 0; i < x.GetLength(0); i++)
        {
            for (int j = 0; j < x.GetLength(1); j++)
            {
                transposed[j, i] = x[i, j];
            }
        }

        return Multiply(transposed, x);
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        double[,] product = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < product.GetLength(0); i++)
        {
            for (int j = 0; j < product.GetLength(1); j++)
            {
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    product[i, j] += a[i, k] * b[k, j];
                }
            }
        }

        return product;
    }

    private static double[,] Combine(double p, double[,] a, double q, double[,] b)
    {
        double[,] sum = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < sum.GetLength(0); i++)
        {
            for (int j = 0; j < sum.GetLength(1); j++)
            {
                sum[i, j] = p * a[i, j] + q * b[i, j];
            }
        }

        return sum;
    }
}
