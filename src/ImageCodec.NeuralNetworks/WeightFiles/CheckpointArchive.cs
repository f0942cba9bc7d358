using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks;

/// <summary>The zip file of a PyTorch checkpoint: one folder with <c>data.pkl</c>, <c>byteorder</c> and the storages <c>data/N</c>.</summary>
internal sealed class CheckpointArchive : IDisposable
{
    private const string PickleName = "data.pkl";

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly ReadBudget _budget;
    private readonly string _folder;

    /// <summary>Opens the archive and finds its folder.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="budget">The memory that the entries may take.</param>
    /// <exception cref="InvalidFileException">The bytes are not a zip file, or not one of this layout.</exception>
    public CheckpointArchive(ReadOnlyMemory<byte> file, ReadBudget budget)
    {
        _budget = budget;
        _zip = Guard("The zip file is damaged", () => new ZipArchive(AsStream(file), ZipArchiveMode.Read));
        try
        {
            foreach (ZipArchiveEntry entry in Guard("The zip file's directory is damaged", () => _zip.Entries))
            {
                if (!_entries.TryAdd(entry.FullName, entry))
                {
                    throw Bad($"The zip file has two entries {FoundText.Quote(entry.FullName)}.");
                }
            }

            _folder = FindFolder();
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole entry of the folder and checks its length and checksum.</summary>
    /// <param name="name">The name inside the folder.</param>
    /// <param name="maxLength">The longest that it may be, in bytes.</param>
    /// <returns>The bytes, or null if there is no such entry.</returns>
    /// <exception cref="InvalidFileException">The entry is damaged, too long or past the budget.</exception>
    public byte[]? TryRead(string name, long maxLength)
    {
        if (!_entries.TryGetValue(_folder + name, out ZipArchiveEntry? entry))
        {
            return null;
        }

        string shown = FoundText.Quote(entry.FullName);
        if (entry.IsEncrypted)
        {
            throw Bad($"The zip entry {shown} is encrypted, which is not supported.");
        }

        long length = Guard($"The zip entry {shown} is damaged", () => entry.Length);
        if (length > maxLength)
        {
            throw Bad($"The zip entry {shown} is {length} bytes long, but at most {maxLength} are expected.");
        }

        _budget.Charge(length, $"The zip entry {shown}");
        byte[] bytes = Guard($"The zip entry {shown} is damaged", () => ReadAll(entry, (int)length));
        if (ZipChecksum.Compute(bytes) != entry.Crc32)
        {
            throw Bad(
                $"The zip entry {shown} does not have the checksum that the file gives: it is damaged, or was saved with " +
                "torch.serialization.set_crc32_options(False), which must be on.");
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private string FindFolder()
    {
        List<string> folders = [.. _entries.Keys
            .Where(name => name.EndsWith("/" + PickleName, StringComparison.Ordinal))
            .Select(name => name[..^PickleName.Length])];
        return folders.Count switch
        {
            1 => folders[0],
            0 => throw Bad("The zip file has no folder with data.pkl, so it is not a checkpoint that torch.save wrote."),
            _ => throw Bad($"The zip file has data.pkl in {folders.Count} folders, but exactly one is expected."),
        };
    }

    private static byte[] ReadAll(ZipArchiveEntry entry, int length)
    {
        byte[] bytes = new byte[length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw new InvalidDataException($"It is longer than the {length} bytes that the directory gives.");
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> file) =>
        MemoryMarshal.TryGetArray(file, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(file.ToArray(), writable: false);

    /// <summary>
    /// Runs a step of the zip reader. Which exceptions damaged bytes raise there is not documented in full, so all of them
    /// mean that the file is bad; the steps do nothing else that could fail but for want of memory.
    /// </summary>
    private static T Guard<T>(string problem, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new InvalidFileException(PyTorchCheckpoint.Format, $"{problem}: {cause.Message}", innerException: cause);
        }
    }

    private static InvalidFileException Bad(string problem) => new(PyTorchCheckpoint.Format, problem);
}
