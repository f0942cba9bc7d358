namespace ImageCodec.Evaluation;

/// <summary>A temporary folder of this process alone, gone with all its files when disposed of.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path;

    /// <summary>Makes the folder, which on Unix no other user may enter.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public ScratchFolder()
    {
        try
        {
            _path = Directory.CreateTempSubdirectory("imagecodec-eval-").FullName;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"No temporary folder can be made in '{Path.GetTempPath()}': {e.Message}", e);
        }
    }

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Writes a file of the folder.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public string Write(string name, ReadOnlySpan<byte> contents)
    {
        string path = this[name];
        try
        {
            File.WriteAllBytes(path, contents);
            return path;
        }
        catch (IOException e)
        {
            throw new IOException($"A temporary file can't be written in '{_path}': {e.Message} The variable TMPDIR can name another place.", e);
        }
    }

    /// <summary>Removes the folder. What can't be removed is left to the system: it must not hide the results.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
