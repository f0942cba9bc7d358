namespace ImageCodec.Farm;

/// <summary>Where pictures come from, or compressed files go. Names have slashes, whatever the machine.</summary>
/// <remarks>Safe to use from several threads and machines at once.</remarks>
internal interface IPictureStore
{
    /// <summary>The names of the pictures, as they are found: a store may hold more than memory does.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken stop);

    /// <summary>Reads a file.</summary>
    /// <exception cref="PictureRefusedException">It is longer than <paramref name="maxLength"/>.</exception>
    Task<byte[]> ReadAsync(string name, long maxLength, CancellationToken stop);

    /// <summary>The mark that a file was written with; null where there is no whole file.</summary>
    Task<string?> FindMarkAsync(string name, CancellationToken stop);

    /// <summary>Writes a file whole or not at all, over an older one, and notes a mark with it: one line that says what it was made of.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> file, string mark, CancellationToken stop);
}
