using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Fitting;
using ImageCodec.NeuralNetworks;
using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Tests.Fitted;

public class EntropyPassTests
{
    private static readonly (int Width, int Height)[] Sizes = [(37, 21), (1, 1), (3, 2), (64, 33), (150, 131), (301, 5)];

    [Test]
    public void Bits_are_those_of_the_reference([Values(0, 1)] int size, [ValueSource(nameof(Sizes))] (int Width, int Height) picture)
    {
        EntropyCase data = new(FittedLayout.All[size], picture.Width, picture.Height);
        EntropyPass pass = new(FittedLayout.All[size], picture.Width, picture.Height, maxThreads: 2);
        double bits = pass.Run(data.Planes, data.Parameters, null, default);
        Assert.That(bits, Is.EqualTo(data.Reference.Bits()).Within(1e-5).Percent.Or.EqualTo(data.Reference.Bits()).Within(1e-4));
        for (int grid = 0; grid < data.Planes.Length; grid++)
        {
            Assert.That(pass.GridBits[grid], Is.EqualTo(data.Reference.GridBits(grid)).Within(3e-4).Percent, $"grid {grid}");
        }
    }

    [Test]
    public void Every_width_of_vectors_gives_the_bits_and_gradients_of_the_reference(
        [Values(0, 1)] int size, [Values(0, 1, 2, 3)] int backend, [Values(0, 1)] int firstGrid)
    {
        EntropyCase data = new(FittedLayout.All[size], 37, 21);
        AssertGradients(data, Backend.All[backend], firstGrid, probes: 150);
    }

    [Test]
    public void Gradients_are_right_across_bands_and_at_all_edges(
        [Values(0, 1)] int size, [Values("150 131", "1 1", "3 2", "301 5", "65 7")] string picture)
    {
        int[] sides = [.. picture.Split(' ').Select(int.Parse)];
        EntropyCase data = new(FittedLayout.All[size], sides[0], sides[1]);
        AssertGradients(data, backend: null, firstGrid: 0, probes: 24);
    }

    [Test]
    public void The_number_of_threads_changes_nothing([Values(0, 1)] int size)
    {
        EntropyCase data = new(FittedLayout.All[size], 333, 214);
        var one = data.Run(threads: 1);
        foreach (int threads in new[] { 2, 3 })
        {
            var other = data.Run(threads: threads);
            Assert.That(other.Bits, Is.EqualTo(one.Bits));
            Assert.That(other.GridBits, Is.EqualTo(one.GridBits));
            Assert.That(other.ParameterGradients, Is.EqualTo(one.ParameterGradients));
            for (int grid = 0; grid < data.Planes.Length; grid++)
            {
                for (int y = 0; y < data.Planes[grid].Height; y++)
                {
                    Assert.That(other.Gradients[grid].Values(y).SequenceEqual(one.Gradients[grid].Values(y)), $"grid {grid}, row {y}");
                }
            }
        }
    }

    [Test]
    public void Gradients_are_added_to_what_is_there()
    {
        EntropyCase data = new(FittedLayout.Small, 40, 30);
        var once = data.Run();
        EntropyPass pass = new(FittedLayout.Small, 40, 30, maxThreads: 1);
        float[] parameterGradients = new float[FittedLayout.Small.Count];
        GridPlane[] gradients = data.MakePlanes();
        pass.Run(data.Planes, data.Parameters, gradients, parameterGradients);
        pass.Run(data.Planes, data.Parameters, gradients, parameterGradients);

        // Terms are added one by one to what is there, so that roundings differ, by vector width too.
        Assert.That(parameterGradients, Is.EqualTo(once.ParameterGradients.Select(value => 2 * value)).Within(1e-3).Percent);
        Assert.That(gradients[1].Values(3)[5], Is.EqualTo(2 * once.Gradients[1].Values(3)[5]).Within(1e-3).Percent);
    }

    [Test]
    public void What_is_not_of_the_picture_is_refused()
    {
        EntropyCase data = new(FittedLayout.Small, 40, 30);
        EntropyPass pass = new(FittedLayout.Small, 40, 31, maxThreads: 1);
        Assert.That(() => pass.Run(data.Planes, data.Parameters, null, default), Throws.ArgumentException);
        EntropyPass right = new(FittedLayout.Small, 40, 30, maxThreads: 1);
        Assert.That(() => right.Run(data.Planes, data.Parameters.AsSpan(1), null, default), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () => right.Run(data.Planes, data.Parameters, null, default, cancellationToken: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static void AssertGradients(EntropyCase data, Backend? backend, int firstGrid, int probes)
    {
        const double Step = 1e-7;
        EntropyReference reference = data.Reference;
        var result = data.Run(backend, firstGrid: firstGrid);
        Assert.That(result.Bits, Is.EqualTo(reference.Bits(firstGrid)).Within(1e-4).Percent);
        Assert.That(reference.IsClamped, Is.False);
        RandomSource random = new(7);
        for (int probe = 0; probe < probes; probe++)
        {
            double[,] grid = reference.Grids[probe % reference.Grids.Length];
            int y = random.Next(grid.GetLength(0)), x = random.Next(grid.GetLength(1));
            double value = grid[y, x];
            double slope = Slope(reference, firstGrid, v => grid[y, x] = v, value, Step);
            AssertSlope(result.Gradients[probe % reference.Grids.Length].Values(y)[x], slope, $"grid {probe % reference.Grids.Length}, {x}, {y}");
        }

        for (int probe = 0; probe < probes; probe++)
        {
            int parameter = random.Next(reference.Parameters.Length);
            if (probe % 2 == 0)
            {
                parameter = random.Next(FittedLayout.Small.FilterStart);
            }

            double slope = Slope(reference, firstGrid, v => reference.Parameters[parameter] = v, reference.Parameters[parameter], Step);
            AssertSlope(result.ParameterGradients[parameter], slope, $"parameter {parameter}");
        }
    }

    private static double Slope(EntropyReference reference, int firstGrid, Action<double> set, double value, double step)
    {
        set(value + step);
        double above = reference.Bits(firstGrid);
        set(value - step);
        double below = reference.Bits(firstGrid);
        set(value);
        return (above - below) / (2 * step);
    }

    private static void AssertSlope(float actual, double expected, string what) =>
        Assert.That(actual, Is.EqualTo(expected).Within(0.05).Percent.Or.EqualTo(expected).Within(5e-3), what);
}
