namespace ImageCodec.NeuralNetworks;

/// <summary>
/// The memory that a file may ask for, however it asks: unpacked entries and values are charged before they are allocated.
/// </summary>
internal sealed class ReadBudget
{
    /// <summary>Bytes that any file may ask for.</summary>
    public const long Base = 16 << 20;

    /// <summary>Bytes that it may ask for beyond that, for each byte it has.</summary>
    public const long PerFileByte = 16;

    private readonly string _format;
    private readonly long _total;
    private long _left;

    /// <summary>Makes the budget of a file.</summary>
    /// <param name="format">What messages call the file.</param>
    /// <param name="fileLength">Its length in bytes.</param>
    public ReadBudget(string format, int fileLength)
    {
        _format = format;
        _total = Base + (PerFileByte * fileLength);
        _left = _total;
    }

    /// <summary>Takes bytes from what is left.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="what">What they are for, as the subject of a sentence.</param>
    /// <exception cref="InvalidFileException">So many are not left, or <paramref name="bytes"/> is negative.</exception>
    public void Charge(long bytes, string what)
    {
        if (bytes < 0 || bytes > _left)
        {
            throw new InvalidFileException(
                _format,
                $"{what} would take {bytes} bytes of memory, but of the {_total} that a file of this length may ask for only {_left} are left.");
        }

        _left -= bytes;
    }
}
