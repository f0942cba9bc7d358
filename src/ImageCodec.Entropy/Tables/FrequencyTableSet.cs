using System.Buffers;
using System.Buffers.Binary;
using ImageCodec.Entropy.Tables;

namespace ImageCodec.Entropy;

/// <summary>
/// Up to 256 frequency tables, made ready for <see cref="TableCoder"/>, and their serialised form.
/// </summary>
/// <remarks>A set does not change and is safe to use from several threads at once.</remarks>
public sealed class FrequencyTableSet
{
    /// <summary>The most tables of a set: an index is a byte.</summary>
    public const int MaxTableCount = 256;

    /// <summary>The most values that the tables of a set list together, where each table counts for 9 more than it lists.</summary>
    public const int MaxTotalValueCount = 64_000;

    private const string FormatName = "frequency tables";

    private readonly FrequencyTable[] _tables;

    /// <summary>Makes a set.</summary>
    /// <param name="tables">1 … <see cref="MaxTableCount"/> tables; their order gives the indices.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tables"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There are too few or too many tables, or they list more than <see cref="MaxTotalValueCount"/> values together.</exception>
    public FrequencyTableSet(IEnumerable<FrequencyTable> tables)
        : this(tables, 0)
    {
    }

    /// <summary>Makes a set whose last tables are pairs: first all those of quantiser 0, then their twins, those of quantiser 1; see <see cref="Trellis"/>.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="twinCount">The number of pairs.</param>
    internal FrequencyTableSet(IEnumerable<FrequencyTable> tables, int twinCount)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _tables = [.. tables];
        if (_tables.Length is < 1 or > MaxTableCount)
        {
            throw new ArgumentException($"A set has 1 to {MaxTableCount} tables, not {_tables.Length}.", nameof(tables));
        }

        foreach (FrequencyTable table in _tables)
        {
            ArgumentNullException.ThrowIfNull(table, nameof(tables));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(twinCount, _tables.Length / 2);
        TwinCount = twinCount;
        Layout = new TableLayout(_tables);
    }

    /// <summary>The tables.</summary>
    public IReadOnlyList<FrequencyTable> Tables => _tables;

    /// <summary>How many tables have a twin, so many places behind them.</summary>
    internal int TwinCount { get; }

    /// <summary>The first table that has a twin.</summary>
    internal int FirstWithTwin => _tables.Length - 2 * TwinCount;

    /// <summary>The tables as the kernels read them.</summary>
    internal TableLayout Layout { get; }

    /// <summary>
    /// Writes the set as 16-bit little-endian numbers: the number of tables; for each the lowest value, the number of values, and the frequencies,
    /// the escape's last.
    /// </summary>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    public void Write(IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Put(destination, (ushort)_tables.Length);
        foreach (FrequencyTable table in _tables)
        {
            Put(destination, (ushort)table.MinValue);
            Put(destination, (ushort)table.ValueCount);
            foreach (ushort frequency in table.Frequencies)
            {
                Put(destination, frequency);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="source">The bytes, all of them and nothing else.</param>
    /// <exception cref="InvalidFileException">The bytes are not a set of tables.</exception>
    public static FrequencyTableSet Read(ReadOnlySpan<byte> source)
    {
        int position = 0;
        int count = Take(source, ref position);
        if (count is < 1 or > MaxTableCount)
        {
            throw new InvalidFileException(FormatName, $"a set has 1 to {MaxTableCount} tables, not {count}.", 0);
        }

        FrequencyTable[] tables = new FrequencyTable[count];
        for (int i = 0; i < count; i++)
        {
            int start = position;
            short minValue = (short)Take(source, ref position);
            int valueCount = Take(source, ref position);
            if (valueCount > FrequencyTable.MaxValueCount)
            {
                throw new InvalidFileException(
                    FormatName, $"table {i} lists {valueCount} values; at most {FrequencyTable.MaxValueCount} are possible.", start);
            }

            ushort[] frequencies = new ushort[valueCount + 1];
            for (int k = 0; k < frequencies.Length; k++)
            {
                frequencies[k] = Take(source, ref position);
            }

            try
            {
                tables[i] = FrequencyTable.FromFrequencies(minValue, frequencies);
            }
            catch (ArgumentException exception)
            {
                throw new InvalidFileException(FormatName, $"table {i} is not valid. {exception.Message}", start, exception);
            }
        }

        if (position != source.Length)
        {
            throw new InvalidFileException(FormatName, $"{source.Length - position} bytes follow the last table.", position);
        }

        try
        {
            return new FrequencyTableSet(tables);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidFileException(FormatName, exception.Message, null, exception);
        }
    }

    private static void Put(IBufferWriter<byte> destination, ushort number)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination.GetSpan(sizeof(ushort)), number);
        destination.Advance(sizeof(ushort));
    }

    private static ushort Take(ReadOnlySpan<byte> source, ref int position)
    {
        if (source.Length - position < sizeof(ushort))
        {
            throw new InvalidFileException(FormatName, "the bytes end within a table.", position);
        }

        position += sizeof(ushort);
        return BinaryPrimitives.ReadUInt16LittleEndian(source[(position - sizeof(ushort))..]);
    }
}
