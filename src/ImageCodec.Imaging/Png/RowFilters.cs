using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ImageCodec.Imaging.Png;

/// <summary>
/// The row filters of PNG, both ways. Rows lie in buffers of <see cref="BufferLength"/> bytes, from byte <see cref="Start"/> on:
/// the zeros before it are the neighbours that the first pixel lacks, and the room behind lets whole vectors be read and written.
/// </summary>
internal static class RowFilters
{
    /// <summary>The most bytes a pixel has; vectors of a single pixel are this wide.</summary>
    public const int Start = 8;

    public const int TypeCount = 5;

    private const int Room = 16;

    public const int MaxRowBytes = 0x7FFFFFC7 - Start - Room;

    public static int BufferLength(int rowBytes) => Start + rowBytes + Room;

    /// <summary>Undoes a filter.</summary>
    /// <param name="type">The filter type, 0 … 4.</param>
    /// <param name="filtered">The filtered row, in a buffer.</param>
    /// <param name="previous">The row above, or zeros, in a buffer.</param>
    /// <param name="row">Receives the row; a buffer other than <paramref name="filtered"/>.</param>
    /// <param name="rowBytes">The length of the row.</param>
    /// <param name="distance">Bytes from a pixel to the next, or 1.</param>
    public static void Undo(int type, ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> previous, Span<byte> row, int rowBytes, int distance)
    {
        switch (type)
        {
            case 0:
                filtered.Slice(Start, rowBytes).CopyTo(row[Start..]);
                break;
            case 1:
                Undo<LeftPredictor>(filtered, previous, row, rowBytes, distance);
                break;
            case 2:
                UndoUp(filtered, previous, row, rowBytes);
                break;
            case 3:
                Undo<AveragePredictor>(filtered, previous, row, rowBytes, distance);
                break;
            default:
                Undo<PaethPredictor>(filtered, previous, row, rowBytes, distance);
                break;
        }
    }

    /// <summary>Filters a row and returns the sum of the magnitudes of the result's bytes, taken as signed: the less, the better it packs.</summary>
    /// <param name="type">The filter type, 0 … 4.</param>
    /// <param name="row">The row, in a buffer.</param>
    /// <param name="previous">The row above, or zeros, in a buffer.</param>
    /// <param name="filtered">Receives the filtered row, without room around it.</param>
    /// <param name="distance">Bytes from a pixel to the next.</param>
    public static long Apply(int type, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous, Span<byte> filtered, int distance)
    {
        switch (type)
        {
            case 0:
                row.Slice(Start, filtered.Length).CopyTo(filtered);
                break;
            case 1:
                Apply<LeftPredictor>(row, previous, filtered, distance);
                break;
            case 2:
                Apply<UpPredictor>(row, previous, filtered, distance);
                break;
            case 3:
                Apply<AveragePredictor>(row, previous, filtered, distance);
                break;
            default:
                Apply<PaethPredictor>(row, previous, filtered, distance);
                break;
        }

        return SumOfMagnitudes(filtered);
    }

    /// <summary>A pixel needs the one before it, so a vector holds one pixel, whose bytes at least go together.</summary>
    private static void Undo<TPredictor>(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> previous, Span<byte> row, int rowBytes, int distance)
        where TPredictor : struct, IPredictor
    {
        if (distance < 3 || !Vector128.IsHardwareAccelerated)
        {
            for (int i = Start; i < Start + rowBytes; i++)
            {
                row[i] = (byte)(filtered[i] + TPredictor.Predict(row[i - distance], previous[i], previous[i - distance]));
            }

            return;
        }

        Vector128<byte> left = default;
        Vector128<byte> upLeft = default;
        for (int i = Start; i < Start + rowBytes; i += distance)
        {
            Vector128<byte> up = LoadPixel(previous, i);
            left = LoadPixel(filtered, i) + TPredictor.Predict(left, up, upLeft);
            upLeft = up;
            MemoryMarshal.Write(row[i..], left.AsUInt64().ToScalar());
        }
    }

    private static Vector128<byte> LoadPixel(ReadOnlySpan<byte> buffer, int index) =>
        Vector128.CreateScalar(MemoryMarshal.Read<ulong>(buffer[index..])).AsByte();

    private static void UndoUp(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> previous, Span<byte> row, int rowBytes)
    {
        for (int i = Start; i < Start + rowBytes; i += Vector128<byte>.Count)
        {
            (Vector128.Create(filtered[i..]) + Vector128.Create(previous[i..])).CopyTo(row[i..]);
        }
    }

    private static void Apply<TPredictor>(ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous, Span<byte> filtered, int distance)
        where TPredictor : struct, IPredictor
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= filtered.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                int at = Start + i;
                Vector128<byte> predicted = TPredictor.Predict(
                    Vector128.Create(row[(at - distance)..]), Vector128.Create(previous[at..]), Vector128.Create(previous[(at - distance)..]));
                (Vector128.Create(row[at..]) - predicted).CopyTo(filtered[i..]);
            }
        }

        for (; i < filtered.Length; i++)
        {
            int at = Start + i;
            filtered[i] = (byte)(row[at] - TPredictor.Predict(row[at - distance], previous[at], previous[at - distance]));
        }
    }

    private static long SumOfMagnitudes(ReadOnlySpan<byte> bytes)
    {
        // A lane takes at most 2 · 128 a vector, so this many vectors keep 16 bits from overflowing.
        const int VectorsAtOnce = 255;
        long sum = 0;
        while (bytes.Length >= Vector128<byte>.Count)
        {
            int vectors = Math.Min(bytes.Length / Vector128<byte>.Count, VectorsAtOnce);
            Vector128<ushort> sums = default;
            for (int i = 0; i < vectors; i++)
            {
                Vector128<byte> v = Vector128.Create(bytes[(i * Vector128<byte>.Count)..]);
                Vector128<byte> magnitude = Vector128.Min(v, -v);
                sums += Vector128.WidenLower(magnitude) + Vector128.WidenUpper(magnitude);
            }

            sum += Vector128.Sum(Vector128.WidenLower(sums) + Vector128.WidenUpper(sums));
            bytes = bytes[(vectors * Vector128<byte>.Count)..];
        }

        foreach (byte b in bytes)
        {
            sum += Math.Min(b, 256 - b);
        }

        return sum;
    }
}
