namespace ImageCodec.Entropy;

/// <summary>
/// The numbers of all tables of a set, one table behind the other, as the kernels read them. An entry is one value of one table; each
/// table's entries end with its escape and a few that never match.
/// </summary>
internal sealed class TableLayout
{
    /// <summary>Entries that the search compares at once; as many stand behind each table.</summary>
    public const int SearchWidth = 8;

    /// <summary>A slot's upper bits choose its hint.</summary>
    public const int HintShift = 8;

    /// <summary>Hints of a table.</summary>
    public const int HintCount = FrequencyTable.Total >> HintShift;

    /// <summary>Turns unsigned 16-bit numbers into signed ones of the same order.</summary>
    public const ushort Bias = 0x8000;

    private const int MaxEntryCount = 64000;

    /// <summary>Builds the layout.</summary>
    /// <exception cref="ArgumentException">There are too many values.</exception>
    public TableLayout(FrequencyTable[] tables)
    {
        int entryCount = tables.Sum(table => table.Frequencies.Length + SearchWidth);
        if (entryCount > MaxEntryCount)
        {
            throw new ArgumentException(
                $"The tables list {entryCount} values, counting 9 more for each table; at most {MaxEntryCount} are possible. Use fewer or smaller tables.", nameof(tables));
        }

        Heads = new TableHead[FrequencyTableSet.MaxTableCount];
        EncodeEntries = new EncodeEntry[entryCount];
        DecodeEntries = new DecodeEntry[entryCount];
        LastSlots = new short[entryCount];
        Hints = new ushort[tables.Length * HintCount];
        Array.Fill(LastSlots, unchecked((short)(ushort.MaxValue ^ Bias)));
        int first = 0;
        for (int i = 0; i < tables.Length; i++)
        {
            AddTable(tables[i], i, first);
            first += tables[i].Frequencies.Length + SearchWidth;
        }

        TableCount = tables.Length;
    }

    /// <summary>The number of tables.</summary>
    public int TableCount { get; }

    /// <summary>By table, padded to 256 so that any index may be looked up.</summary>
    public TableHead[] Heads { get; }

    /// <summary>By entry.</summary>
    public EncodeEntry[] EncodeEntries { get; }

    /// <summary>By entry.</summary>
    public DecodeEntry[] DecodeEntries { get; }

    /// <summary>By entry: the last slot that is its own, with <see cref="Bias"/>.</summary>
    public short[] LastSlots { get; }

    /// <summary>By table and a slot's upper bits: the first entry whose last slot is not below all slots with these upper bits.</summary>
    public ushort[] Hints { get; }

    private void AddTable(FrequencyTable table, int index, int first)
    {
        ReadOnlySpan<ushort> frequencies = table.Frequencies;
        Heads[index] = new TableHead { FirstEntry = first, MinValue = table.MinValue, ValueCount = table.ValueCount };
        int start = 0;
        int hint = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            int frequency = frequencies[i];
            bool isEscape = i == frequencies.Length - 1;
            EncodeEntries[first + i] = new EncodeEntry(start, frequency);
            DecodeEntries[first + i] = new DecodeEntry
            {
                Frequency = (ushort)frequency,
                Start = (ushort)start,
                Value = (short)(isEscape ? index : table.MinValue + i),
                IsEscape = (ushort)(isEscape ? 1 : 0),
            };
            start += frequency;
            LastSlots[first + i] = (short)((start - 1) ^ Bias);
            for (; hint < HintCount && hint << HintShift < start; hint++)
            {
                Hints[(index * HintCount) + hint] = (ushort)(first + i);
            }
        }
    }
}
