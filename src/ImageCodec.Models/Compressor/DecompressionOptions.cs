namespace ImageCodec;

/// <summary>What a restored picture should be like.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class DecompressionOptions
{
    /// <summary>The scales that there are: 1, 2, 4 and 8.</summary>
    public static IReadOnlyList<int> Scales { get; } = [1, 2, 4, 8];

    /// <summary>
    /// What the picture's sides are divided by, rounded up: one of <see cref="Scales"/>, 1 by default. Files of the model <c>fitted</c> hold the picture at all of
    /// them, the coarsest first, so that a coarse one takes a small part of the work; files of other models only hold it at 1.
    /// </summary>
    public int Scale { get; init; } = 1;

    internal void Check()
    {
        if (!Scales.Contains(Scale))
        {
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, $"Scale must be one of {string.Join(", ", Scales)}.");
        }
    }
}
