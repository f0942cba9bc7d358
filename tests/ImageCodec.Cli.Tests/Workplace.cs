namespace ImageCodec.Cli.Tests;

/// <summary>A temporary folder for one test.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("imagecodec-cli-").FullName;

    public string Folder => _folder;

    /// <summary>The path of a name in the folder.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Names of everything in the folder.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(_folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    public string Put(string name, byte[] contents)
    {
        File.WriteAllBytes(this[name], contents);
        return this[name];
    }

    public string Put(string name, RgbImage picture)
    {
        ImageFile.Write(this[name], picture);
        return this[name];
    }

    /// <summary>
    /// Runs a command that must fail, twice: without an output file, where none may appear, and with an old one that might be replaced, which must stay whole.
    /// </summary>
    /// <param name="output">The output.</param>
    /// <param name="run">Runs the command with some more options.</param>
    /// <param name="words">What the error must say.</param>
    public void AssertFailsWithoutTrace(string output, Func<string[], CommandRun> run, params string[] words)
    {
        string[] before = Names;
        run([]).Failed(1, words);
        Assert.That(Names, Is.EqualTo(before), "files left behind");

        byte[] old = [1, 2, 3];
        File.WriteAllBytes(output, old);
        run(["--overwrite"]).Failed(1, words);
        Assert.That(File.ReadAllBytes(output), Is.EqualTo(old), "the old file");
        File.Delete(output);
        Assert.That(Names, Is.EqualTo(before), "files left behind beside an old one");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
