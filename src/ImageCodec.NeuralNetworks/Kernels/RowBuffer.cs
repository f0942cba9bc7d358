namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>The rows of a map that are needed just now. The window that they make moves down the map; rows behind it are forgotten.</summary>
/// <param name="data">Memory for <paramref name="capacity"/> rows.</param>
/// <param name="capacity">The most rows that are needed at once.</param>
/// <param name="pitch">Floats from one row to the next.</param>
internal sealed unsafe class RowBuffer(float* data, int capacity, nint pitch)
{
    private int _first;

    public nint Pitch => pitch;

    /// <summary>The row behind the last one that is there.</summary>
    public int End { get; private set; }

    /// <summary>Where a row of the map begins.</summary>
    public float* Row(int row) => data + (row - _first) * pitch;

    /// <summary>Fills rows with zeros.</summary>
    public void Clear(int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            new Span<float>(Row(row), checked((int)pitch)).Clear();
        }
    }

    /// <summary>Forgets all rows; the next one will be this.</summary>
    public void Restart(int row) => (_first, End) = (row, row);

    /// <summary>Makes room for the rows up to <paramref name="end"/>, and counts them as there; those before <paramref name="first"/> are not needed any more.</summary>
    public void Reach(int first, int end)
    {
        if (end - _first > capacity)
        {
            nint bytes = (End - first) * pitch * sizeof(float);
            Buffer.MemoryCopy(Row(first), data, bytes, bytes);
            _first = first;
        }

        End = end;
    }
}
