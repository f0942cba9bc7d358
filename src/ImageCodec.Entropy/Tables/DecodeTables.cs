namespace ImageCodec.Entropy.Tables;

/// <summary>
/// All tables of a set in one piece of memory, as the decoding kernel reads them. It keeps to few bytes, so that the first-level cache
/// holds it: for an entry only its last slot, from which, with the entry before, follow its frequency and its start.
/// </summary>
/// <remarks>
/// One pointer alone, with everything at a fixed distance from it: the kernel has no register to spare. The memory between the
/// parts is never touched.
/// </remarks>
internal readonly unsafe struct DecodeTables
{
    /// <summary>Entries that the search compares at once; as many stand behind each table.</summary>
    public const int SearchWidth = 8;

    /// <summary>A slot's upper bits choose its hint.</summary>
    public const int HintShift = 7;

    /// <summary>Hints of a table.</summary>
    public const int HintCount = FrequencyTable.Total >> HintShift;

    /// <summary>Makes unsigned 16-bit numbers into signed ones of the same order, which more processors can compare.</summary>
    public const ushort Bias = 0x8000;

    /// <summary>The last slot of every table, and thus of its escape, with <see cref="Bias"/>; also of the entries between tables.</summary>
    public const short EscapeLastSlot = short.MaxValue;

    private const int HintsOffset = sizeof(ushort) * FrequencyTableSet.MaxTableCount;

    private const int LastSlotsOffset = HintsOffset + (sizeof(ushort) * HintCount * FrequencyTableSet.MaxTableCount);

    private readonly byte* _memory;

    /// <summary>Takes over memory of <see cref="GetMemorySize"/> bytes.</summary>
    public DecodeTables(byte* memory) => _memory = memory;

    /// <summary>By table: what to add to an entry's number to get its value, modulo 2^16.</summary>
    public ushort* ValueBases => (ushort*)_memory;

    /// <summary>By table and a slot's upper bits: the first entry whose last slot is not below all slots with these upper bits.</summary>
    public ushort* Hints => (ushort*)(_memory + HintsOffset);

    /// <summary>By entry: the last slot that is its own, with <see cref="Bias"/>.</summary>
    public short* LastSlots => (short*)(_memory + LastSlotsOffset);

    /// <summary>The bytes for so many entries.</summary>
    public static int GetMemorySize(int entryCount) => LastSlotsOffset + (sizeof(short) * entryCount);
}
