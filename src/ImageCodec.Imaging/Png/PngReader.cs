using System.IO.Compression;

namespace ImageCodec.Imaging.Png;

/// <summary>
/// Reads PNG files. All chunks are checked before the picture is allocated, and the rows are then decompressed one at a time,
/// so beside the picture itself there are three rows in memory, whatever the file says.
/// </summary>
internal static class PngReader
{
    /// <summary>Deflate spends at least two bits on a copy, and a copy makes at most 258 bytes.</summary>
    public const int MaxExpansion = 1032;

    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(PngFormat.Signature[..4]);

    /// <exception cref="InvalidFileException">The file does not begin as a PNG file does.</exception>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file) => PngContents.Identify(file);

    /// <exception cref="InvalidFileException">The file is not a PNG file that follows the standard.</exception>
    public static unsafe RgbImage Read(ReadOnlySpan<byte> file, List<string> warnings, ImageReadOptions options, CancellationToken cancellationToken)
    {
        PngContents contents = PngContents.Parse(file, warnings, options, cancellationToken);
        ImageHeader header = contents.Header;
        List<Pass> passes = Pass.Of(header);
        CheckPlausible(contents, passes, options.IsTolerant);
        RowConverter converter = new(header, contents.Palette, contents.Transparency);
        RgbImage image = new(header.Width, header.Height);
        if (converter.HasAlpha)
        {
            // What turns out to be missing is transparent.
            image.AddAlpha().Clear();
        }

        InvalidFileException? damage = contents.Damage;
        fixed (byte* bytes = file)
        {
            using ImageDataStream compressed = new(bytes, contents.ImageData);
            using ZLibStream rows = new(compressed, CompressionMode.Decompress);
            try
            {
                ReadPasses(contents, passes, rows, converter, image, cancellationToken);
                CheckTail(rows, compressed);
            }
            catch (InvalidFileException e) when (options.IsTolerant)
            {
                damage ??= e;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                // The platform's own words speak of archives; what they come down to is this.
                InvalidFileException problem = PngFormat.Invalid(
                    "The image data is not a whole zlib stream with the right checksum.", contents.ImageData[0].Offset, e);
                damage ??= options.IsTolerant ? problem : throw problem;
                ReadUnchecked(bytes, contents, passes, converter, image, cancellationToken);
            }
        }

        if (damage is not null)
        {
            warnings.Add($"It is damaged or cut short, and was read as far as it goes; what is missing is black, or transparent. {damage.Message}");
        }

        if (converter.HasStrayIndices)
        {
            warnings.Add("It has pixels of colours that its palette lacks; they are black.");
        }

        return Finish(image, contents, warnings);
    }

    /// <summary>Reads once more, without the checksum: where that is wrong, the platform's inflater keeps the last rows to itself.</summary>
    private static unsafe void ReadUnchecked(
        byte* bytes, PngContents contents, List<Pass> passes, RowConverter converter, RgbImage image, CancellationToken cancellationToken)
    {
        const int ZlibHeadLength = 2;
        using ImageDataStream compressed = new(bytes, contents.ImageData);
        compressed.ReadAtLeast(stackalloc byte[ZlibHeadLength], ZlibHeadLength, throwOnEndOfStream: false);
        using DeflateStream rows = new(compressed, CompressionMode.Decompress);
        try
        {
            ReadPasses(contents, passes, rows, converter, image, cancellationToken);
        }
        catch (Exception e) when (e is InvalidFileException or InvalidDataException or IOException)
        {
            // So far it goes.
        }
    }

    /// <summary>Adds what the file says beside pixels.</summary>
    private static RgbImage Finish(RgbImage image, PngContents contents, List<string> warnings)
    {
        if (contents.Header.BitDepth == 16)
        {
            warnings.Add("Its samples have 16 bits; they were rounded to 8.");
        }

        bool isGrey = contents.Header.ColorType is ColorType.Grey or ColorType.GreyAlpha;
        image.RemoveOpaqueAlpha();
        image.IsGrey = isGrey;
        image = contents.Metadata.Orientation.Apply(image);
        image.Metadata = contents.Metadata.Build(isGrey);
        return image;
    }

    private static void CheckPlausible(PngContents contents, List<Pass> passes, bool isTolerant)
    {
        ImageHeader header = contents.Header;
        long total = 0;
        foreach (Pass pass in passes)
        {
            total += pass.Height * (1 + header.RowBytes(pass.Width));
        }

        if (!isTolerant && total > contents.ImageDataLength * MaxExpansion)
        {
            throw PngFormat.Invalid(
                $"The declared size of {header.Width}×{header.Height} needs {total} bytes of rows, "
                + $"but {contents.ImageDataLength} bytes of image data cannot hold more than {contents.ImageDataLength * MaxExpansion}.",
                contents.ImageData[0].Offset);
        }

        if (header.RowBytes(header.Width) > RowFilters.MaxRowBytes)
        {
            throw PngFormat.Invalid(
                $"A row of {header.Width} pixels has {header.RowBytes(header.Width)} bytes; at most {RowFilters.MaxRowBytes} are supported.");
        }
    }

    private static void ReadPasses(
        PngContents contents, List<Pass> passes, Stream stream, RowConverter converter, RgbImage image, CancellationToken cancellationToken)
    {
        ImageHeader header = contents.Header;
        int longest = RowFilters.BufferLength((int)header.RowBytes(header.Width));
        byte[] filtered = new byte[longest];
        byte[] row = new byte[longest];
        byte[] previous = new byte[longest];
        byte[] rgb = new byte[header.Interlaced ? 3 * header.Width : 0];
        byte[] passAlpha = new byte[header.Interlaced && converter.HasAlpha ? header.Width : 0];
        Span<byte> alpha = image.Alpha;

        int rowsRead = 0;
        foreach (Pass pass in passes)
        {
            int rowBytes = (int)header.RowBytes(pass.Width);
            previous.AsSpan().Clear();
            for (int y = 0; y < pass.Height; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // The filter type goes right before the row, so that one read fetches both.
                Span<byte> typeAndRow = filtered.AsSpan(RowFilters.Start - 1, 1 + rowBytes);
                if (stream.ReadAtLeast(typeAndRow, typeAndRow.Length, throwOnEndOfStream: false) < typeAndRow.Length)
                {
                    throw PngFormat.Invalid(
                        $"The image data ends inside row {rowsRead} of {RowCount(passes)}, counted over all passes.", contents.ImageData[0].Offset);
                }

                if (typeAndRow[0] >= RowFilters.TypeCount)
                {
                    throw PngFormat.Invalid(
                        $"Row {rowsRead} has the filter type {typeAndRow[0]}; PNG knows 0 to {RowFilters.TypeCount - 1}.", contents.ImageData[0].Offset);
                }

                RowFilters.Undo(typeAndRow[0], filtered, previous, row, rowBytes, header.FilterDistance);
                ReadOnlySpan<byte> samples = row.AsSpan(RowFilters.Start, rowBytes);
                if (header.Interlaced)
                {
                    int to = pass.Y + (y * pass.StepY);
                    Span<byte> some = alpha.IsEmpty ? [] : passAlpha.AsSpan(0, pass.Width);
                    converter.Convert(samples, rgb.AsSpan(0, 3 * pass.Width), some);
                    Scatter(rgb, 3, image.GetRow(to), pass);
                    if (!alpha.IsEmpty)
                    {
                        Scatter(some, 1, alpha.Slice(to * header.Width, header.Width), pass);
                    }
                }
                else
                {
                    converter.Convert(samples, image.GetRow(y), alpha.IsEmpty ? [] : alpha.Slice(y * header.Width, header.Width));
                }

                (row, previous) = (previous, row);
                rowsRead++;
            }
        }
    }

    private static long RowCount(List<Pass> passes) => passes.Sum(pass => (long)pass.Height);

    private static void Scatter(ReadOnlySpan<byte> pixels, int size, Span<byte> row, Pass pass)
    {
        int to = size * pass.X;
        for (int from = 0; from < size * pass.Width; from += size, to += size * pass.StepX)
        {
            pixels.Slice(from, size).CopyTo(row[to..]);
        }
    }

    /// <summary>
    /// Brings the inflater to the end of the stream, where it compares the checksum. Data beyond the last row does not change the picture and is ignored.
    /// </summary>
    private static void CheckTail(ZLibStream rows, ImageDataStream compressed)
    {
        if (rows.Read(stackalloc byte[1]) == 0 && compressed.AskedPastEnd)
        {
            throw new InvalidDataException("The zlib stream ends before its checksum.");
        }
    }
}
