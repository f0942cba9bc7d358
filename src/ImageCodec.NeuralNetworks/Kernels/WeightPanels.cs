using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// A weight matrix of terms × columns, cut for <see cref="TileKernel"/> into panels of one or two vectors of columns; in a panel
/// the vectors of one term follow those of the term before. Missing columns are zero.
/// </summary>
internal sealed unsafe class WeightPanels
{
    private readonly float[] _data;
    private readonly int _offset;
    private readonly int _fullWidth;

    /// <param name="backend">Whose vectors.</param>
    /// <param name="terms">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public WeightPanels(Backend backend, int terms, int columns)
    {
        Backend = backend;
        Terms = terms;
        Columns = columns;
        _fullWidth = 2 * backend.Lanes;
        int vectors = (columns + backend.Lanes - 1) / backend.Lanes;
        PanelCount = (vectors + 1) / 2;
        _data = GC.AllocateArray<float>(checked((terms + 1) * vectors * backend.Lanes + 16), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_data, 0);
        _offset = (int)(-address & 63) / sizeof(float);
    }

    public Backend Backend { get; }

    public int Terms { get; }

    public int Columns { get; }

    public int PanelCount { get; }

    /// <summary>Vectors side by side in a panel: 2, in the last one possibly 1.</summary>
    public int Vectors(int panel) => Math.Min(2, (Columns - panel * _fullWidth + Backend.Lanes - 1) / Backend.Lanes);

    /// <summary>The first column of a panel.</summary>
    public int FirstColumn(int panel) => panel * _fullWidth;

    /// <summary>Columns of a panel that are there.</summary>
    public int ColumnsIn(int panel) => Math.Min(_fullWidth, Columns - panel * _fullWidth);

    /// <summary>What the sums of a panel's columns start from, followed at once by its terms.</summary>
    public float* Bias(int panel)
    {
        fixed (float* data = _data)
        {
            return data + _offset + (nint)panel * _fullWidth * (Terms + 1);
        }
    }

    /// <summary>The vectors of a panel's first term.</summary>
    public float* Weights(int panel) => Bias(panel) + Vectors(panel) * Backend.Lanes;

    /// <summary>Sets what the sums of columns start from.</summary>
    public void SetBias(int firstColumn, ReadOnlySpan<float> bias)
    {
        for (int i = 0; i < bias.Length; i++)
        {
            int panel = (firstColumn + i) / _fullWidth;
            Bias(panel)[firstColumn + i - FirstColumn(panel)] = bias[i];
        }
    }

    /// <summary>Fills <paramref name="columns"/> columns from <paramref name="firstColumn"/> on.</summary>
    /// <param name="source">Where the weights lie.</param>
    /// <param name="taps">For each tap, in the order of the sum, where in the source it starts; negative for a tap of zeros.</param>
    /// <param name="channels">Terms for each tap.</param>
    /// <param name="channelStep">From one term of a tap to the next, in the source.</param>
    /// <param name="firstColumn">The first column filled.</param>
    /// <param name="columns">How many are filled.</param>
    /// <param name="columnStep">From one column to the next, in the source; either it or <paramref name="channelStep"/> is 1.</param>
    public void SetWeights(float* source, ReadOnlySpan<int> taps, int channels, int channelStep, int firstColumn, int columns, int columnStep)
    {
        for (int column = 0; column < columns;)
        {
            int panel = (firstColumn + column) / _fullWidth;
            int inPanel = firstColumn + column - FirstColumn(panel);
            int count = Math.Min(columns - column, ColumnsIn(panel) - inPanel);
            int width = Vectors(panel) * Backend.Lanes;
            float* destination = Weights(panel) + inPanel;
            foreach (int tap in taps)
            {
                float* from = tap < 0 ? null : source + tap + (nint)column * columnStep;
                CopyTap(from, channels, channelStep, destination, width, count, columnStep);
                destination += (nint)channels * width;
            }

            column += count;
        }
    }

    /// <summary>Fills the terms of a tap in one panel; null for zeros.</summary>
    private static void CopyTap(float* source, int channels, int channelStep, float* destination, int pitch, int columns, int columnStep)
    {
        if (source is not null && columnStep != 1)
        {
            Transposition.Run(source, columnStep, destination, pitch, columns, channels);
            return;
        }

        for (int channel = 0; channel < channels; channel++, destination += pitch)
        {
            Span<float> term = new(destination, columns);
            if (source is null)
            {
                term.Clear();
            }
            else
            {
                new ReadOnlySpan<float>(source + (nint)channel * channelStep, columns).CopyTo(term);
            }
        }
    }
}
