namespace ImageCodec.Imaging.Png;

/// <summary>What the chunks of a PNG file say, in the right order and checked, with the compressed rows still where they are in the file.</summary>
internal sealed class PngContents
{
    private readonly List<(int Offset, int Length)> _imageData = [];
    private readonly List<string> _warnings;
    private readonly bool _isTolerant;

    private PngContents(ImageHeader header, List<string> warnings, bool isTolerant) =>
        (Header, Metadata, _warnings, _isTolerant) = (header, new PngMetadata(warnings), warnings, isTolerant);

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

    /// <summary>What was found to be damaged, where that is tolerated.</summary>
    public InvalidFileException? Damage { get; private set; }

    /// <summary>Reads up to IEND; whatever a file has behind it is ignored, as decoders commonly do.</summary>
    public static PngContents Parse(ReadOnlySpan<byte> file, List<string> warnings, ImageReadOptions options, CancellationToken cancellationToken)
    {
        PngContents contents = new(ReadHeader(file, options.MaxPixelCount, options.IsTolerant, out ChunkReader chunks), warnings, options.IsTolerant);
        uint before = PngFormat.Ihdr;
        try
        {
            Chunk chunk;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                chunk = chunks.Read();
                contents.Add(chunk, before);
                before = chunk.Type;
            }
            while (chunk.Type != PngFormat.Iend);
        }
        catch (InvalidFileException e) when (options.IsTolerant && contents._imageData.Count > 0)
        {
            contents.Damage ??= e;
        }

        return contents;
    }

    /// <summary>Reads up to the picture's data, and says what the picture will be.</summary>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        ImageHeader header = ReadHeader(file, long.MaxValue, isTolerant: false, out ChunkReader chunks);
        PngMetadata metadata = new([]);
        while (chunks.NextType() != PngFormat.Idat && chunks.Read() is var chunk && chunk.Type != PngFormat.Iend)
        {
            if (chunk.Damage is null)
            {
                metadata.Add(chunk);
            }
        }

        return metadata.Orientation.SwapsSides
            ? new ImageFileInfo(ImageFileFormat.Png, header.Height, header.Width)
            : new ImageFileInfo(ImageFileFormat.Png, header.Width, header.Height);
    }

    /// <summary>Reads the signature and IHDR.</summary>
    private static ImageHeader ReadHeader(ReadOnlySpan<byte> file, long maxPixelCount, bool isTolerant, out ChunkReader chunks)
    {
        if (!file.StartsWith(PngFormat.Signature))
        {
            throw PngFormat.Invalid(
                "The first eight bytes are not the PNG signature; the file is cut short or was transferred as text.", 0);
        }

        chunks = new ChunkReader(file, PngFormat.Signature.Length, isTolerant);
        Chunk first = chunks.Read();
        return first.Type != PngFormat.Ihdr ? throw PngFormat.Invalid($"The first chunk is {PngFormat.TypeName(first.Type)} instead of IHDR.", first.Offset)
            : first.Damage is null ? ImageHeader.Parse(first.Data, first.Offset, maxPixelCount)
            : throw first.Damage;
    }

    private void Add(Chunk chunk, uint before)
    {
        if (chunk.Damage is not null)
        {
            if (!chunk.IsCritical)
            {
                Warn($"Its chunk {PngFormat.TypeName(chunk.Type)} has a wrong CRC");
                return;
            }

            Damage ??= _isTolerant ? chunk.Damage : throw chunk.Damage;
        }

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

        if (Header.ColorType != ColorType.Palette)
        {
            // A proposal for screens of few colours, whatever it says.
            Palette = [];
            return;
        }

        const int Most = 3 * 256;
        if (chunk.Data.IsEmpty || chunk.Data.Length % 3 != 0 || chunk.Data.Length > Most)
        {
            throw PngFormat.Invalid($"PLTE has {chunk.Data.Length} bytes instead of a multiple of 3 from 3 to {Most}.", chunk.Offset);
        }

        Palette = chunk.Data.ToArray();
    }

    /// <summary>One that can't be right is left out, as libpng does.</summary>
    private void AddTransparency(Chunk chunk)
    {
        int length = chunk.Data.Length;
        string? problem = _imageData.Count > 0 ? "comes behind the picture"
            : Transparency is not null ? "comes twice"
            : Header.ColorType switch
            {
                ColorType.Grey => length == 2 ? null : $"has {length} bytes instead of 2",
                ColorType.Rgb => length == 6 ? null : $"has {length} bytes instead of 6",
                ColorType.Palette when Palette is null => "comes before the palette",
                ColorType.Palette => length > 0 && length <= Palette.Length / 3 ? null : $"has {length} bytes for {Palette.Length / 3} colours",
                _ => "says no more than the alpha channel",
            };
        if (problem is null)
        {
            Transparency = chunk.Data.ToArray();
        }
        else
        {
            Warn($"Its chunk tRNS, on what is transparent, {problem}");
        }
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
    }

    private void Warn(string problem) => _warnings.Add(problem + "; it was left out.");
}
