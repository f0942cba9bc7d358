namespace ImageCodec;

/// <summary>What an <c>.icd</c> file says of itself, read without running a network. Made by <see cref="ImageCompressor.Identify(ReadOnlyMemory{byte})"/>.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class IcdInfo
{
    internal IcdInfo(IcdFile file)
    {
        Width = file.Width;
        Height = file.Height;
        Fingerprint = file.Fingerprint;
        ModelName = PretrainedModel.Find(file.Fingerprint)?.Name;
        FileLength = file.FileLength;
        BitsPerPixel = file.BitsPerPixel;
        Version = file.Version;
        Boxes = file.Boxes;
    }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>Which codec, weights included, decompressing needs.</summary>
    public CodecFingerprint Fingerprint { get; }

    /// <summary>The name of that codec for <see cref="ImageCompressor.LoadPretrained"/>, or null if it is none of <see cref="PretrainedModel.All"/>.</summary>
    public string? ModelName { get; }

    /// <summary>Bytes of the whole file.</summary>
    public int FileLength { get; }

    /// <summary>The whole file's bits over the picture's pixels.</summary>
    public double BitsPerPixel { get; }

    /// <summary>The version of the file format.</summary>
    public int Version { get; }

    /// <summary>What belongs to the picture beside its colours.</summary>
    public IReadOnlyList<IcdBox> Boxes { get; }
}
