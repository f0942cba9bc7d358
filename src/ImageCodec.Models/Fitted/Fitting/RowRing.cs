namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>The last few rows of something; a row takes the place of the one that lies as many rows before it as there are places.</summary>
/// <param name="rows">How many there are.</param>
/// <param name="length">Floats of a row.</param>
internal sealed unsafe class RowRing(int rows, int length)
{
    private readonly PinnedFloats _memory = new(checked(rows * length));

    /// <summary>Where a row is; it need not be one of the picture.</summary>
    public float* Row(int y) => _memory.Data + (y + rows) % rows * (nint)length;
}
