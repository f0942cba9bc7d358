namespace ImageCodec;

/// <summary>Whole streams as bytes.</summary>
internal static class StreamReading
{
    private const int FirstLength = 64 * 1024;

    /// <summary>Reads what is left of a stream, which stays open.</summary>
    /// <exception cref="IOException">The stream fails, or has 2 GiB or more.</exception>
    public static ReadOnlyMemory<byte> ReadToEnd(Stream stream)
    {
        using MemoryStream copy = new(LengthOf(stream));
        stream.CopyTo(copy);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }

    /// <inheritdoc cref="ReadToEnd"/>
    public static async Task<ReadOnlyMemory<byte>> ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using MemoryStream copy = new(LengthOf(stream));
        await stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }

    private static int LengthOf(Stream stream) =>
        stream.CanSeek && stream.Length - stream.Position is > 0 and <= int.MaxValue / 2 and { } length ? (int)length : FirstLength;
}
