namespace ImageCodec.Imaging.Png;

/// <summary>What the chunks of a PNG file say, in the right order and checked, with the compressed rows still where they are in the file.</summary>
internal sealed class PngContents
{
    private readonly List<(int Offset, int Length)> _imageData = [];

    private PngContents(ImageHeader header, List<string> warnings) => (Header, Metadata) = (header, new PngMetadata(warnings));

    public ImageHeader Header { get; }

    /// <summary>The RGB bytes of PLTE.</summary>
    public byte[]? Palette { get; private set; }

    /// <summary>The bytes of tRNS.</summary>
    public byte[]? Transparency { get; private set; }

    /// <summary>What ancillary chunks say.</summary>
    public PngMetadata Metadata { get; }

    /// <summary>Where the data of each IDAT chunk lies in the file.</summary>
    public IReadOnlyList<(int Offset, int Length)> ImageData => _imageData;

    public long ImageDataLength { get; private set; }

    /// <summary>Reads up to IEND; whatever a file has behind it is ignored, as decoders commonly do.</summary>
    public static PngContents Parse(ReadOnlySpan<byte> file, List<string> warnings, int maxPixelCount, CancellationToken cancellationToken)
    {
        PngContents contents = new(ReadHeader(file, maxPixelCount, out ChunkReader chunks), warnings);
        uint before = PngFormat.Ihdr;
        Chunk chunk;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunk = chunks.Read();
            contents.Add(chunk, before);
            before = chunk.Type;
        }
        while (chunk.Type != PngFormat.Iend);

        return contents;
    }

    /// <summary>Reads up to the picture's data, and says what the picture will be.</summary>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        ImageHeader header = ReadHeader(file, long.MaxValue, out ChunkReader chunks);
        PngMetadata metadata = new([]);
        while (chunks.NextType() != PngFormat.Idat && chunks.Read() is var chunk && chunk.Type != PngFormat.Iend)
        {
            metadata.Add(chunk);
        }

        return metadata.Orientation.SwapsSides
            ? new ImageFileInfo(ImageFileFormat.Png, header.Height, header.Width)
            : new ImageFileInfo(ImageFileFormat.Png, header.Width, header.Height);
    }

    /// <summary>Reads the signature and IHDR.</summary>
    private static ImageHeader ReadHeader(ReadOnlySpan<byte> file, long maxPixelCount, out ChunkReader chunks)
    {
        if (!file.StartsWith(PngFormat.Signature))
        {
            throw PngFormat.Invalid(
                "The first eight bytes are not the PNG signature; the file is cut short or was transferred as text.", 0);
        }

        chunks = new ChunkReader(file, PngFormat.Signature.Length);
        Chunk first = chunks.Read();
        return first.Type == PngFormat.Ihdr
            ? ImageHeader.Parse(first.Data, first.Offset, maxPixelCount)
            : throw PngFormat.Invalid($"The first chunk is {PngFormat.TypeName(first.Type)} instead of IHDR.", first.Offset);
    }

    private void Add(Chunk chunk, uint before)
    {
        switch (chunk.Type)
        {
            case PngFormat.Ihdr:
                throw PngFormat.Invalid("There is a second IHDR.", chunk.Offset);
            case PngFormat.Plte:
                AddPalette(chunk);
                break;
            case PngFormat.Trns:
                AddTransparency(chunk);
                break;
            case PngFormat.Idat:
                AddImageData(chunk, before);
                break;
            case PngFormat.Iend:
                CheckEnd(chunk);
                break;
            default:
                if (chunk.IsCritical)
                {
                    throw PngFormat.Invalid(
                        $"The chunk {PngFormat.TypeName(chunk.Type)} is unknown, and marked as one that the picture cannot be shown without.", chunk.Offset);
                }

                Metadata.Add(chunk, isBehindPicture: _imageData.Count > 0);
                break;
        }
    }

    private void AddPalette(Chunk chunk)
    {
        if (Palette is not null)
        {
            throw PngFormat.Invalid("There is a second PLTE.", chunk.Offset);
        }

        if (_imageData.Count > 0)
        {
            throw PngFormat.Invalid("PLTE comes after IDAT instead of before it.", chunk.Offset);
        }

        if (Header.ColorType is ColorType.Grey or ColorType.GreyAlpha)
        {
            throw PngFormat.Invalid("A grey picture has a PLTE, which only colour may have.", chunk.Offset);
        }

        int most = 3 * (Header.ColorType == ColorType.Palette ? 1 << Header.BitDepth : 256);
        if (chunk.Data.IsEmpty || chunk.Data.Length % 3 != 0 || chunk.Data.Length > most)
        {
            throw PngFormat.Invalid($"PLTE has {chunk.Data.Length} bytes instead of a multiple of 3 from 3 to {most}.", chunk.Offset);
        }

        Palette = chunk.Data.ToArray();
    }

    private void AddTransparency(Chunk chunk)
    {
        if (Transparency is not null)
        {
            throw PngFormat.Invalid("There is a second tRNS.", chunk.Offset);
        }

        if (_imageData.Count > 0)
        {
            throw PngFormat.Invalid("tRNS comes after IDAT instead of before it.", chunk.Offset);
        }

        int length = chunk.Data.Length;
        string? expected = Header.ColorType switch
        {
            ColorType.Grey => length == 2 ? null : "2",
            ColorType.Rgb => length == 6 ? null : "6",
            ColorType.Palette when Palette is null => throw PngFormat.Invalid("tRNS comes before PLTE instead of after it.", chunk.Offset),
            ColorType.Palette => length <= Palette.Length / 3 ? null : $"at most {Palette.Length / 3}, one for each entry of PLTE",
            _ => throw PngFormat.Invalid("A picture with an alpha channel has a tRNS, which only others may have.", chunk.Offset),
        };
        if (expected is not null)
        {
            throw PngFormat.Invalid($"tRNS has {length} bytes; expected: {expected}.", chunk.Offset);
        }

        Transparency = chunk.Data.ToArray();
    }

    private void AddImageData(Chunk chunk, uint before)
    {
        if (Header.ColorType == ColorType.Palette && Palette is null)
        {
            throw PngFormat.Invalid("IDAT comes before the PLTE that a palette picture needs.", chunk.Offset);
        }

        if (_imageData.Count > 0 && before != PngFormat.Idat)
        {
            throw PngFormat.Invalid($"The chunk {PngFormat.TypeName(before)} stands between two IDAT, which must follow each other.", chunk.Offset);
        }

        _imageData.Add((chunk.Offset, chunk.Data.Length));
        ImageDataLength += chunk.Data.Length;
    }

    private void CheckEnd(Chunk chunk)
    {
        if (_imageData.Count == 0)
        {
            throw PngFormat.Invalid("IEND comes without any IDAT before it.", chunk.Offset);
        }

        if (!chunk.Data.IsEmpty)
        {
            throw PngFormat.Invalid($"IEND has {chunk.Data.Length} bytes of data instead of none.", chunk.Offset);
        }
    }
}
