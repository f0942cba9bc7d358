namespace ImageCodec.Evaluation;

/// <summary>How many bytes of pictures a report may still take: a page of hundreds of megabytes would open nowhere.</summary>
internal sealed class FigureBudget(bool isWanted)
{
    private const long MaxBytes = 48L << 20;

    private long _left = isWanted ? MaxBytes : 0;

    /// <summary>Whether a further picture gets figures; once one does not, none after it does.</summary>
    public bool HasRoom => _left > 0;

    /// <summary>Counts a figure.</summary>
    public byte[] Take(byte[] png)
    {
        _left -= png.Length;
        return png;
    }
}
