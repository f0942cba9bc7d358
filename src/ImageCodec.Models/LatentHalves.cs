using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models;

/// <summary>The places of the two halves of a latent, in the order in which they are coded: row by row.</summary>
internal readonly struct LatentHalves(TensorShape shape)
{
    /// <summary>Places of a half: the first has one more where their number is odd.</summary>
    public int Count(int half) => (shape.Height * shape.Width + 1 - half) / 2;

    /// <summary>Calls <paramref name="body"/> with row, column and where the place's values lie among those coded, which begin at <paramref name="start"/>.</summary>
    /// <returns>The number of values.</returns>
    public int ForPlaces(ComputeScope scope, int half, int channels, int start, Action<int, int, int> body)
    {
        TensorShape s = shape;
        scope.ForRanges(s.Height, s.Width * channels, (firstRow, lastRow) =>
        {
            for (int row = firstRow; row < lastRow; row++)
            {
                // Rows before this one hold together half of all their places, rounded up for the first half.
                int at = start + (row * s.Width + 1 - half) / 2 * channels;
                for (int column = (row + half) & 1; column < s.Width; column += 2, at += channels)
                {
                    body(row, column, at);
                }
            }
        });
        return Count(half) * channels;
    }
}
