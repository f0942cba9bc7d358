using System.IO.Compression;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Finds the fixtures, and changes checkpoints entry by entry.</summary>
internal static class WeightFixture
{
    public static byte[] Read(string file) => File.ReadAllBytes(Locate(file));

    public static string Locate(string file) => Path.Combine(TestContext.CurrentContext.TestDirectory, "WeightFiles", "Fixtures", file);

    /// <summary>The values of all tensors together.</summary>
    public static int ValueCount(this WeightsFile weights) => weights.Tensors.Sum(tensor => tensor.Values.Length);

    /// <summary>One entry of a checkpoint, by the end of its name.</summary>
    public static byte[] ReadEntry(byte[] checkpoint, string nameEnd)
    {
        using ZipArchive zip = new(new MemoryStream(checkpoint), ZipArchiveMode.Read);
        ZipArchiveEntry entry = zip.Entries.Single(entry => entry.FullName.EndsWith(nameEnd, StringComparison.Ordinal));
        using Stream stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A checkpoint with some entries changed (null leaves one out), checksums made anew.</summary>
    public static byte[] Repack(byte[] checkpoint, Func<string, byte[], byte[]?> change)
    {
        using ZipArchive old = new(new MemoryStream(checkpoint), ZipArchiveMode.Read);
        List<(string Name, byte[] Bytes)> entries = [];
        foreach (ZipArchiveEntry entry in old.Entries)
        {
            if (change(entry.FullName, ReadEntry(checkpoint, entry.FullName)) is { } bytes)
            {
                entries.Add((entry.FullName, bytes));
            }
        }

        return Pack([.. entries]);
    }

    public static byte[] Pack(params (string Name, byte[] Bytes)[] entries) => Pack(CompressionLevel.NoCompression, entries);

    public static byte[] Pack(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        MemoryStream file = new();
        using (ZipArchive zip = new(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream stream = zip.CreateEntry(name, level).Open();
                stream.Write(bytes);
            }
        }

        return file.ToArray();
    }

    /// <summary>Asserts that reading is refused, and hands the exception on for a look at its message.</summary>
    public static InvalidFileException Refused(byte[] file)
    {
        InvalidFileException? error = Assert.Throws<InvalidFileException>(() => WeightsFile.Read(file));
        return error!;
    }
}
