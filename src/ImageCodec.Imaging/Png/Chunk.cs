namespace ImageCodec.Imaging.Png;

/// <summary>A chunk whose length and CRC are right.</summary>
internal readonly ref struct Chunk(uint type, ReadOnlySpan<byte> data, int offset)
{
    private const uint AncillaryBit = 0x20000000;

    public uint Type { get; } = type;

    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Where <see cref="Data"/> begins in the file.</summary>
    public int Offset { get; } = offset;

    public bool IsCritical => (Type & AncillaryBit) == 0;
}
