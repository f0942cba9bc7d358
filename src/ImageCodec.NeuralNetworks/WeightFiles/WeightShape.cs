namespace ImageCodec.NeuralNetworks;

/// <summary>What every weight file asks of the shape of a tensor, and how messages show it.</summary>
internal static class WeightShape
{
    /// <summary>The most sides that a tensor of a weight file can have.</summary>
    public const int MaxRank = 32;

    /// <summary>Counts the values of a shape. A shape without sides is one value; a side of zero makes it none.</summary>
    /// <param name="shape">The sides, none of them negative.</param>
    /// <param name="count">The product of the sides.</param>
    /// <returns>False if the values are more than one array can hold.</returns>
    public static bool TryCount(ReadOnlySpan<int> shape, out int count)
    {
        count = 0;
        if (shape.Contains(0))
        {
            return true;
        }

        long product = 1;
        foreach (int side in shape)
        {
            // Neither factor reaches 2^31, so that the product can't overflow before it is looked at.
            product *= side;
            if (product > Array.MaxLength)
            {
                return false;
            }
        }

        count = (int)product;
        return true;
    }

    /// <summary>The shape as «[16, 3, 7, 7]».</summary>
    public static string Describe(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
