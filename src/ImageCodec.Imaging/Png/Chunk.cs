namespace ImageCodec.Imaging.Png;

/// <summary>A chunk of a file.</summary>
internal readonly ref struct Chunk(uint type, ReadOnlySpan<byte> data, int offset, InvalidFileException? damage)
{
    private const uint AncillaryBit = 0x20000000;

    public uint Type { get; } = type;

    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Where <see cref="Data"/> begins in the file.</summary>
    public int Offset { get; } = offset;

    /// <summary>What its CRC says against it, if anything.</summary>
    public InvalidFileException? Damage { get; } = damage;

    public bool IsCritical => (Type & AncillaryBit) == 0;
}
