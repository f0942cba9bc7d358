using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Hyperpriors;

/// <summary>The two halves of a latent's positions, which lie like the fields of a checkerboard (He et al., 2021).</summary>
internal enum Positions
{
    /// <summary>Coded first: those where row + column is even.</summary>
    Anchor = 0,

    /// <summary>The others, which know the anchors around them.</summary>
    NonAnchor = 1,
}

/// <summary>The order in which the positions of a latent are coded: row by row.</summary>
/// <param name="shape">The latent's shape.</param>
internal readonly struct Checkerboard(TensorShape shape)
{
    /// <summary>Positions of a row.</summary>
    public int Width => shape.Width;

    /// <summary>Is given the part of a row that a piece of work is.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">Its first position; they are two columns apart.</param>
    /// <param name="at">Where the values of that position lie among those that are coded.</param>
    public delegate void RowAction(int row, int column, int at);

    /// <summary>The first column of some positions in a row.</summary>
    public static int FirstColumn(Positions positions, int row) => (row + (int)positions) & 1;

    /// <summary>How many positions there are: one more anchor where their number is odd.</summary>
    public int Count(Positions positions) => (shape.Height * shape.Width + 1 - (int)positions) / 2;

    /// <summary>Calls <paramref name="body"/> for each row, on the threads of the run.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="positions">Which positions.</param>
    /// <param name="channels">Values at a position.</param>
    /// <param name="start">Where their values begin.</param>
    /// <param name="body">What to do with a row.</param>
    /// <returns>The number of values.</returns>
    public int ForRows(ComputeScope scope, Positions positions, int channels, int start, RowAction body)
    {
        int width = shape.Width;
        scope.ForRanges(shape.Height, width * channels, (first, last) =>
        {
            for (int row = first; row < last; row++)
            {
                // Rows before this one hold together half of all their places, rounded up for anchors.
                body(row, FirstColumn(positions, row), start + (row * width + 1 - (int)positions) / 2 * channels);
            }
        });
        return Count(positions) * channels;
    }
}
