using System.Buffers;
using ImageCodec.Entropy.Tables;

namespace ImageCodec.Entropy;

/// <summary>
/// Codes integers, each with the frequency table that its index names: the coder for learned distributions.
/// </summary>
/// <remarks>
/// <para>
/// A range variant of asymmetric numeral systems (Duda, «Asymmetric numeral systems», 2013) with 16-bit frequencies, 63-bit states and
/// 32-bit words after Giesen («Interleaved entropy coders», 2014). Values are 16-bit: far more than a quantised latent holds, and every one of them can be
/// coded, by a table's escape if need be. The stream holds neither the number of values nor the indices; the reader must know both.
/// </para>
/// <para>
/// Interleaved states let a processor work on several values at once, but cost about 6 bytes each. Their number depends on the
/// number of values alone, so that the bytes are the same on every machine: 1 below 2^17, 2 below 2^19, 4 below 2^21, then 32. A single
/// state costs at most 2 bytes over the information content and the rounding to whole bytes; no values at all take no byte.
/// </para>
/// <para>
/// Decoding ends in the states that encoding began with, and this is checked, as is the use of every byte: damage is seen unless it
/// happens to lead to the same states, for a single state about one case in 2^16, for more of them next to none. Where damage must be seen, keep a checksum beside the stream.
/// </para>
/// <para>An instance does not change and is safe to use from several threads at once.</para>
/// </remarks>
public sealed class TableCoder
{
    private const string FormatName = "table-coded stream";

    /// <summary>So few that cancelling takes a millisecond, so many that looking costs nothing; a whole number of turns of the states.</summary>
    private const int ValuesBetweenChecks = 1 << 16;

    private readonly FrequencyTableSet _set;

    /// <summary>Makes a coder.</summary>
    /// <param name="tables">The tables.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tables"/> is null.</exception>
    public TableCoder(FrequencyTableSet tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _set = tables;
    }

    /// <summary>The tables.</summary>
    public FrequencyTableSet Tables => _set;

    /// <summary>The largest number of values whose longest possible stream surely fits one array.</summary>
    public const int MaxValueCount = 400_000_000;

    /// <summary>The number of interleaved states for a number of values.</summary>
    internal static int GetStateCount(int valueCount) => valueCount switch
    {
        < 1 << 17 => 1,
        < 1 << 19 => 2,
        < 1 << 21 => 4,
        _ => 32,
    };

    /// <summary>The most bytes that so many values can take, all of them escaped: 5 for each, and 8 for each state.</summary>
    /// <param name="valueCount">The number of values, 0 … <see cref="MaxValueCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    internal static int GetMaxEncodedLength(int valueCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(valueCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valueCount, MaxValueCount);
        return (5 * valueCount) + (8 * GetStateCount(valueCount));
    }

    /// <summary>
    /// The information content of values, in bits: the sum of <see cref="FrequencyTable.GetBits"/>. The stream of <see cref="Encode"/> is this long to
    /// within 3 bytes for one state or 8 bytes for each of several, and a few millionths.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="indices">For each value the index of its table.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or an index names no table.</exception>
    internal double EstimateBits(ReadOnlySpan<short> values, ReadOnlySpan<byte> indices)
    {
        CheckSpans(values.Length, indices);
        double bits = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bits += _set.Tables[indices[i]].GetBits(values[i]);
        }

        return bits;
    }

    /// <summary>Codes values into a buffer writer.</summary>
    /// <param name="values">The values, at most <see cref="MaxValueCount"/>.</param>
    /// <param name="indices">For each value the index of its table.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <exception cref="ArgumentException">The spans differ in length or are too long, or an index names no table.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public int Encode(
        ReadOnlySpan<short> values, ReadOnlySpan<byte> indices, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckSpans(values.Length, indices);
        using TableEncoder encoder = new(_set.Layout);
        encoder.Encode(values, indices, cancellationToken);
        encoder.CopyTo(destination.GetSpan(encoder.Length));
        destination.Advance(encoder.Length);
        return encoder.Length;
    }

    /// <summary>Codes values into a span.</summary>
    /// <param name="values">The values, at most <see cref="MaxValueCount"/>.</param>
    /// <param name="indices">For each value the index of its table.</param>
    /// <param name="destination">Receives the bytes; with <see cref="GetMaxEncodedLength"/> bytes it is always large enough.</param>
    /// <param name="written">The number of bytes written, or 0.</param>
    /// <returns>Whether the stream fits; if not, <paramref name="destination"/> is as it was.</returns>
    /// <exception cref="ArgumentException">The spans differ in length or are too long, or an index names no table.</exception>
    internal bool TryEncode(ReadOnlySpan<short> values, ReadOnlySpan<byte> indices, Span<byte> destination, out int written)
    {
        CheckSpans(values.Length, indices);
        using TableEncoder encoder = new(_set.Layout);
        encoder.Encode(values, indices, CancellationToken.None);
        bool fits = encoder.Length <= destination.Length;
        written = fits ? encoder.Length : 0;
        if (fits)
        {
            encoder.CopyTo(destination);
        }

        return fits;
    }

    /// <summary>Decodes a stream.</summary>
    /// <param name="source">The stream, all of it and nothing else.</param>
    /// <param name="indices">For each value the index of its table, as for encoding.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The spans differ in length or are too long, or an index names no table.</exception>
    /// <exception cref="InvalidFileException">The stream is damaged, or was written with other tables, indices or another number of values.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public void Decode(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> indices, Span<short> values, CancellationToken cancellationToken = default)
    {
        if (!TryDecode(source, indices, values, cancellationToken))
        {
            throw new InvalidFileException(
                FormatName,
                $"these {source.Length} bytes are not the encoding of {values.Length} values with these tables; they are damaged, cut short, or belong to others.");
        }
    }

    /// <summary>Decodes a stream, or says that it is damaged.</summary>
    /// <param name="source">The stream, all of it and nothing else.</param>
    /// <param name="indices">For each value the index of its table, as for encoding.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Whether the stream is sound as far as can be seen; if not, the contents of <paramref name="values"/> are not defined.</returns>
    /// <exception cref="ArgumentException">The spans differ in length or are too long, or an index names no table.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public bool TryDecode(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> indices, Span<short> values, CancellationToken cancellationToken = default)
    {
        CheckSpans(values.Length, indices);
        TableReader reader = new(this, source, values.Length);
        for (int start = 0; start < values.Length; start += ValuesBetweenChecks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(ValuesBetweenChecks, values.Length - start);
            if (!reader.Advance(indices.Slice(start, length), values.Slice(start, length)))
            {
                return false;
            }
        }

        return reader.IsAtEnd;
    }

    /// <summary>Begins to decode a stream piece by piece.</summary>
    /// <param name="source">The stream, all of it and nothing else.</param>
    /// <param name="valueCount">The number of values it holds altogether, 0 … <see cref="MaxValueCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public TableReader CreateReader(ReadOnlySpan<byte> source, int valueCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(valueCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valueCount, MaxValueCount);
        return new TableReader(this, source, valueCount);
    }

    internal void CheckSpans(int valueCount, ReadOnlySpan<byte> indices)
    {
        if (valueCount != indices.Length)
        {
            throw new ArgumentException($"There are {valueCount} values, but {indices.Length} indices; each value needs one.", nameof(indices));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(valueCount, MaxValueCount);
        int tableCount = _set.Tables.Count;
        if (tableCount < FrequencyTableSet.MaxTableCount)
        {
            int at = indices.IndexOfAnyInRange((byte)tableCount, byte.MaxValue);
            if (at >= 0)
            {
                throw new ArgumentException($"Index {at} is {indices[at]}, but there are only {tableCount} tables.", nameof(indices));
            }
        }
    }
}
