namespace ImageCodec.Entropy.Tables;

/// <summary>
/// The numbers of all tables of a set, one table behind the other, as the kernels read them. An entry is one value of one table; each
/// table's entries end with its escape and a few that never match.
/// </summary>
internal sealed unsafe class TableLayout
{
    /// <summary>Builds the layout.</summary>
    /// <exception cref="ArgumentException">There are too many values.</exception>
    public TableLayout(FrequencyTable[] tables)
    {
        int valueCount = tables.Sum(table => table.Frequencies.Length + DecodeTables.SearchWidth);
        if (valueCount > FrequencyTableSet.MaxTotalValueCount)
        {
            throw new ArgumentException(
                $"The tables list {valueCount} values, counting 9 more for each table; at most {FrequencyTableSet.MaxTotalValueCount} are possible. Use fewer or smaller tables.",
                nameof(tables));
        }

        // One entry before the first table, as the last slots of an entry and of the one before it are read together.
        int entryCount = 1 + valueCount;

        Heads = new TableHead[tables.Length];
        EncodeEntries = new EncodeEntry[entryCount];
        DecodeMemory = GC.AllocateUninitializedArray<byte>(DecodeTables.GetMemorySize(entryCount));
        fixed (byte* memory = DecodeMemory)
        {
            DecodeTables decode = new(memory);
            new Span<short>(decode.LastSlots, entryCount).Fill(DecodeTables.EscapeLastSlot);
            int first = 1;
            for (int i = 0; i < tables.Length; i++)
            {
                AddTable(tables[i], i, first, decode);
                first += tables[i].Frequencies.Length + DecodeTables.SearchWidth;
            }
        }
    }

    /// <summary>By table.</summary>
    public TableHead[] Heads { get; }

    /// <summary>By entry.</summary>
    public EncodeEntry[] EncodeEntries { get; }

    /// <summary>The memory of <see cref="DecodeTables"/>.</summary>
    public byte[] DecodeMemory { get; }

    private void AddTable(FrequencyTable table, int index, int first, DecodeTables decode)
    {
        ReadOnlySpan<ushort> frequencies = table.Frequencies;
        Heads[index] = new TableHead { FirstEntry = first, MinValue = table.MinValue, ValueCount = table.ValueCount };
        decode.ValueBases[index] = (ushort)(table.MinValue - first);
        int start = 0;
        int hint = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            EncodeEntries[first + i] = new EncodeEntry(start, frequencies[i]);
            start += frequencies[i];
            decode.LastSlots[first + i] = (short)((start - 1) ^ DecodeTables.Bias);
            for (; hint < DecodeTables.HintCount && hint << DecodeTables.HintShift < start; hint++)
            {
                decode.Hints[(index * DecodeTables.HintCount) + hint] = (ushort)(first + i);
            }
        }
    }
}
