using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>The part of a network's output that is wanted. What does not reach it is cut off maps on the way, so that the layers to come have less to do.</summary>
/// <param name="row">Its first row.</param>
/// <param name="rows">How many there are.</param>
/// <param name="column">Its first column.</param>
/// <param name="columns">How many there are.</param>
internal sealed class OutputWindow(int row, int rows, int column, int columns)
{
    /// <summary>Copying a map is not worth less than this share of it.</summary>
    private const double LeastShare = 0.02;

    /// <summary>The first row in the output as it has become by cutting.</summary>
    public int Row { get; private set; } = row;

    /// <summary>The first column, likewise.</summary>
    public int Column { get; private set; } = column;

    /// <summary>A map without what the rest of the network does not need for the window.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="map">The map; stays the caller's.</param>
    /// <param name="scale">Output places for one of the map's places, each way, by the layers to come.</param>
    /// <param name="reach">How many of the map's places, on any side, an output place sees beyond those that it stands for.</param>
    public Tensor Cut(ComputeScope scope, Tensor map, double scale, double reach)
    {
        (int top, int bottom) = Spare(Row, rows, map.Height, scale, reach);
        (int left, int right) = Spare(Column, columns, map.Width, scale, reach);
        double kept = (map.Height - top - bottom) * (double)(map.Width - left - right) / ((double)map.Height * map.Width);
        if (kept > 1 - LeastShare)
        {
            return map;
        }

        Row -= (int)(top * scale);
        Column -= (int)(left * scale);
        return Padding.Add(scope, map, -top, -left, -bottom, -right);
    }

    /// <summary>Places of the map before and behind those that are needed, in steps that are whole places of the output.</summary>
    private static (int Before, int Behind) Spare(int first, int count, int side, double scale, double reach)
    {
        int step = (int)Math.Round(Math.Max(1, 1 / scale));
        int before = (int)Math.Floor((first / scale - reach) / step) * step;
        int behind = (int)Math.Floor((side - (first + count) / scale - reach) / step) * step;
        return (Math.Max(0, before), Math.Max(0, behind));
    }
}
