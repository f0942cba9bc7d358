using System.Runtime.InteropServices;

namespace ImageCodec.Entropy.Tables;

/// <summary>Where a table's values lie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TableHead
{
    /// <summary>The entry of the lowest value.</summary>
    public int FirstEntry;

    /// <summary>The lowest value.</summary>
    public int MinValue;

    /// <summary>The number of values; the escape's entry follows theirs.</summary>
    public int ValueCount;

    /// <summary>Keeps the size a power of two.</summary>
    public int Unused;
}
