using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Tests.Fitted;

/// <summary>The fast error and gradients of the synthesis against a plain reference and its central differences.</summary>
public class SynthesisPassTests
{
    private const double Weight = 3000;

    [TestCase(0, 37, 21)]
    [TestCase(1, 37, 21)]
    [TestCase(0, 1, 1)]
    [TestCase(1, 2, 3)]
    [TestCase(0, 17, 1)]
    [TestCase(1, 5, 200)]
    [TestCase(0, 130, 66)]
    [TestCase(1, 64, 129)]
    public void Errors_are_those_of_the_reference_with_every_width_of_vectors(int size, int width, int height)
    {
        SynthesisCase test = new(size, width, height);
        double expected = new SynthesisReference(test.Layout, test.Image).Error(test.Grids, test.Parameters);

        foreach (Backend backend in Backend.All)
        {
            SynthesisPass pass = new(test.Layout, test.Image, maxThreads: 2, backend);
            double error = pass.Run(test.Planes, test.FloatParameters, null, [], 1, CancellationToken.None);
            Assert.That(error, Is.EqualTo(expected).Within(1e-4).Percent, $"{backend.Lanes} lanes");
            Assert.That(test.Run(threads: 2, backend).Error, Is.EqualTo(error), $"{backend.Lanes} lanes, with gradients");
        }
    }

    [TestCase(0, 37, 21)]
    [TestCase(1, 37, 21)]
    [TestCase(0, 1, 1)]
    [TestCase(1, 1, 1)]
    [TestCase(1, 2, 3)]
    [TestCase(0, 17, 1)]
    [TestCase(0, 5, 200)]
    [TestCase(1, 66, 3)]
    public void Gradients_are_differences_of_the_reference(int size, int width, int height)
    {
        SynthesisCase test = new(size, width, height);
        SynthesisReference reference = new(test.Layout, test.Image);
        double Error() => Weight * reference.Error(test.Grids, test.Parameters);
        double[] parameters = [.. Enumerable.Range(0, test.Layout.Count).Select(i => i < test.Layout.FilterStart ? 0 : Difference(ref test.Parameters[i], Error))];
        double[][] values = [.. test.Grids.Select(grid => Places(grid).Select(at => Difference(ref grid[at.Y, at.X], Error)).ToArray())];

        foreach (Backend backend in Backend.All)
        {
            (_, GridPlane[] gradients, float[] parameterGradients) = test.Run(threads: 2, backend, Weight);
            AssertClose(parameterGradients, parameters, $"parameters, {backend.Lanes} lanes");
            for (int grid = 0; grid < gradients.Length; grid++)
            {
                float[] actual = [.. Places(test.Grids[grid]).Select(at => gradients[grid].Values(at.Y)[at.X])];
                AssertClose(actual, values[grid], $"grid {grid}, {backend.Lanes} lanes");
            }
        }
    }

    [TestCase(0, 70, 300)]
    [TestCase(1, 131, 257)]
    public void The_number_of_threads_changes_no_bit(int size, int width, int height)
    {
        SynthesisCase test = new(size, width, height);
        (double error, GridPlane[] gradients, float[] parameterGradients) = test.Run(threads: 1);
        for (int threads = 2; threads <= 3; threads++)
        {
            (double otherError, GridPlane[] others, float[] otherParameterGradients) = test.Run(threads);
            Assert.That(otherError, Is.EqualTo(error));
            Assert.That(otherParameterGradients, Is.EqualTo(parameterGradients));
            for (int grid = 0; grid < gradients.Length; grid++)
            {
                for (int y = 0; y < gradients[grid].Height; y++)
                {
                    Assert.That(others[grid].Values(y).SequenceEqual(gradients[grid].Values(y)), $"grid {grid}, row {y}");
                }
            }
        }
    }

    /// <summary>Nothing of a run is left for the next one, whatever it was.</summary>
    [Test]
    public void A_pass_can_be_used_again()
    {
        SynthesisCase test = new(1, 37, 150), other = new(1, 37, 150);
        Array.Reverse(other.Parameters, other.Layout.FilterStart, other.Layout.Count - other.Layout.FilterStart);
        SynthesisPass pass = new(test.Layout, test.Image, maxThreads: 1);
        float[] gradients = new float[test.Layout.Count], again = new float[test.Layout.Count];
        double error = pass.Run(test.Planes, test.FloatParameters, test.Planes, gradients, 1, CancellationToken.None);
        pass.Render(test.Planes, test.FloatParameters);
        pass.Run(test.Planes, other.FloatParameters, test.Planes, new float[test.Layout.Count], 1, CancellationToken.None);

        Assert.That(pass.Run(test.Planes, test.FloatParameters, test.Planes, again, 1, CancellationToken.None), Is.EqualTo(error));
        Assert.That(again, Is.EqualTo(gradients));
    }

    [TestCase(0, 37, 21)]
    [TestCase(1, 5, 200)]
    public void Rendered_pictures_are_the_rounded_output(int size, int width, int height)
    {
        SynthesisCase test = new(size, width, height);
        double[][,] output = new SynthesisReference(test.Layout, test.Image).Output(test.Grids, test.Parameters);

        RgbImage image = new SynthesisPass(test.Layout, test.Image, maxThreads: 2).Render(test.Planes, test.FloatParameters);

        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < 3 * width; i++)
            {
                double level = Math.Clamp(output[i % 3][y, i / 3] * 256 + 128, 0, 255);
                Assert.That(image.GetRow(y)[i], Is.EqualTo(level).Within(0.501), $"row {y}, value {i}");
            }
        }
    }

    [Test]
    public void Planes_of_another_picture_are_refused()
    {
        SynthesisCase test = new(0, 16, 16);
        SynthesisPass pass = new(test.Layout, test.Image, maxThreads: 1);
        Assert.That(
            () => pass.Run(new SynthesisCase(0, 17, 16).Planes, test.FloatParameters, null, [], 1, CancellationToken.None), Throws.ArgumentException);
        Assert.That(
            () => pass.Run(test.Planes, new float[3], null, [], 1, CancellationToken.None), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_run_can_be_cancelled()
    {
        SynthesisCase test = new(0, 16, 16);
        SynthesisPass pass = new(test.Layout, test.Image, maxThreads: 1);
        Assert.That(
            () => pass.Run(test.Planes, test.FloatParameters, null, [], 1, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static IEnumerable<(int X, int Y)> Places(double[,] grid) =>
        from y in Enumerable.Range(0, grid.GetLength(0))
        from x in Enumerable.Range(0, grid.GetLength(1))
        select (x, y);

    private static double Difference(ref double value, Func<double> error)
    {
        const double Step = 1e-6;
        double before = value;
        value = before + Step;
        double up = error();
        value = before - Step;
        double down = error();
        value = before;
        return (up - down) / (2 * Step);
    }

    /// <summary>Actual gradients were added to 1.</summary>
    private static void AssertClose(float[] actual, double[] expected, string what)
    {
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i] - 1, Is.EqualTo(expected[i]).Within(2e-5 * largest + 1e-4 * Math.Abs(expected[i]) + 1e-6), $"{what}, {i}");
        }
    }
}
