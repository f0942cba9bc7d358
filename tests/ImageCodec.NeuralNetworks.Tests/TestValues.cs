using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests;

/// <summary>Random numbers for tests, from a seeded source, so that what fails once fails again.</summary>
internal static class TestValues
{
    public static T Pick<T>(this RandomSource random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    public static int Between(this RandomSource random, int first, int last) => first + random.Next(last - first + 1);

    public static float[] Array(this RandomSource random, int length)
    {
        float[] values = new float[length];
        random.Fill(values);
        return values;
    }

    public static Tensor Tensor(this RandomSource random, ComputeScope scope, int count, TensorShape shape)
    {
        Tensor tensor = scope.Create(count, shape);
        random.Fill(tensor.Span);
        return tensor;
    }

    public static void Fill(this RandomSource random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = random.NextSingle(-1, 1);
        }
    }
}
