namespace ImageCodec.Models;

/// <summary>Checks that both transforms make.</summary>
internal static class TransformArguments
{
    public static void Check(int length, TensorShape shape, string name)
    {
        if (length != shape.Length)
        {
            throw new ArgumentException($"A tensor of {shape} has {shape.Length} values, but {length} were given.", name);
        }
    }
}
