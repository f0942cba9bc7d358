using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Tables;

/// <summary>How <see cref="TableDecoder"/> comes from a value's index to its table.</summary>
internal interface ITableChoice
{
    /// <summary>The table of a value.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="state">The number of the coder's state that it is read from.</param>
    int TableOf(byte index, nuint state);

    /// <summary>Takes note of a value.</summary>
    /// <param name="index">Its index; becomes that of its table.</param>
    /// <param name="table">Its table.</param>
    /// <param name="state">The number of the coder's state that it was read from.</param>
    /// <param name="value">The value.</param>
    void Learn(ref byte index, int table, nuint state, short value);
}

/// <summary>An index is that of a table.</summary>
internal readonly struct IndexChoice : ITableChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TableOf(byte index, nuint state) => index;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ref byte index, int table, nuint state, short value)
    {
    }
}

/// <summary>Tables from the first twin on come in pairs, of which <see cref="Trellis"/> chooses. Each of the coder's states has a path of its own.</summary>
/// <param name="paths">For each of the coder's states where its path is.</param>
/// <param name="firstWithTwin">The first table that has a twin.</param>
/// <param name="twinCount">From a table to its twin.</param>
internal readonly unsafe struct TrellisChoice(byte* paths, int firstWithTwin, int twinCount) : ITableChoice
{
    public byte* Paths => paths;

    public int FirstWithTwin => firstWithTwin;

    public int TwinCount => twinCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TableOf(byte index, nuint state) => index + (HasTwin(index) & -Trellis.QuantizerOf(paths[state]) & twinCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ref byte index, int table, nuint state, short value)
    {
        int path = paths[state];
        paths[state] = (byte)(path ^ ((path ^ Trellis.Next(path, value)) & HasTwin(table)));
        index = (byte)table;
    }

    /// <summary>All ones for a table that is one of two twins, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HasTwin(int index) => (firstWithTwin - 1 - index) >> 31;
}
