using System.Runtime.CompilerServices;

namespace ImageCodec.Entropy.Tables;

/// <summary>How <see cref="TableDecoder"/> comes from a value's index to its table.</summary>
internal unsafe interface ITableChoice
{
    /// <summary>The table of a value.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="state">The number of the coder's state that it is read from.</param>
    int TableOf(byte index, nuint state);

    /// <summary>Takes note of a value.</summary>
    /// <param name="index">Its index; becomes that of its table.</param>
    /// <param name="state">The number of the coder's state that it was read from.</param>
    /// <param name="value">The value.</param>
    void Learn(ref byte index, nuint state, short value);
}

/// <summary>An index is that of a table.</summary>
internal readonly struct IndexChoice : ITableChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TableOf(byte index, nuint state) => index;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ref byte index, nuint state, short value)
    {
    }
}

/// <summary>Tables from the first twin on come in pairs, of which <see cref="Trellis"/> chooses. Each of the coder's states has a path of its own.</summary>
/// <param name="paths">For each of the coder's states where its path is.</param>
/// <param name="firstTwin">The first table that has a twin.</param>
/// <param name="twinCount">From a table to its twin.</param>
internal readonly unsafe struct TrellisChoice(byte* paths, int firstTwin, int twinCount) : ITableChoice
{
    public byte* Paths => paths;

    public int FirstTwin => firstTwin;

    public int TwinCount => twinCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TableOf(byte index, nuint state) => index + (IsTwin(index) & -Trellis.QuantizerOf(paths[state]) & twinCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ref byte index, nuint state, short value)
    {
        int path = paths[state];
        int isTwin = IsTwin(index);
        index = (byte)TableOf(index, state);
        paths[state] = (byte)(path ^ ((path ^ Trellis.Next(path, value)) & isTwin));
    }

    /// <summary>All ones if a table has a twin, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IsTwin(byte index) => (firstTwin - 1 - index) >> 31;
}
