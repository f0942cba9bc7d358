namespace ImageCodec.Models.Fitted;

/// <summary>
/// The order in which the values of a grid are coded: wave by wave, a wave being all positions with the same x + 3y, and in a wave from the top. No value of a
/// wave is a context of another one.
/// </summary>
internal readonly struct WaveOrder(int width, int height)
{
    /// <summary>Columns that a wave goes back from row to row.</summary>
    public const int Slope = 3;

    /// <summary>Waves of the grid.</summary>
    public int Count => width + Slope * (height - 1);

    /// <summary>Rows of a wave at most.</summary>
    public int MaxRows => Math.Min(height, (width - 1) / Slope + 1);

    /// <summary>The topmost row of a wave.</summary>
    public int First(int wave) => wave < width ? 0 : (wave - width) / Slope + 1;

    /// <summary>The row after its last one.</summary>
    public int End(int wave) => Math.Min(height, wave / Slope + 1);
}
