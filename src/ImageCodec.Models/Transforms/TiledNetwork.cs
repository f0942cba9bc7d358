using ImageCodec.NeuralNetworks.Layers;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.Models.Transforms;

/// <summary>
/// Runs a network over a large picture tile by tile, so that memory is bounded, with the same bits as in one piece: each tile is
/// computed with as much of its surroundings as the network reaches, and only the part that saw all it needed is kept.
/// </summary>
/// <param name="network">The layers.</param>
/// <param name="inputUnit">Sides of input tiles are multiples of this: the encoder's stride, or 1 for a decoder.</param>
/// <param name="outputUnit">What comes of <paramref name="inputUnit"/>.</param>
/// <param name="workspace">Where memory comes from.</param>
/// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
/// <param name="tileSide">The largest side of a tile without its surroundings, in pixels of the picture.</param>
internal sealed unsafe class TiledNetwork(
    Sequential network, int inputUnit, int outputUnit, Workspace workspace, int maxThreads, int tileSide = TiledNetwork.DefaultTileSide)
{
    /// <summary>Large enough that the surroundings cost a few percent, small enough for less than a gigabyte of feature maps.</summary>
    private const int DefaultTileSide = 1024;

    /// <summary>About what is copied or made to pixels in the time of one vector operation.</summary>
    private const int FloatsPerOperation = 4;

    private readonly Sequential _layers = network.Flatten();
    private readonly int _halo = (int)Math.Ceiling(network.Reach / inputUnit);

    /// <summary>Runs the network from and to whatever holds the rows of its maps. Lengths have been checked. Progress is told after each tile.</summary>
    public void Run<TInput, TOutput>(
        TInput input, TensorShape inputShape, TOutput output, TensorShape outputShape, IProgress<double>? progress, CancellationToken cancellationToken)
        where TInput : IRowSource
        where TOutput : IRowTarget
    {
        int unitSide = Math.Max(inputUnit, outputUnit);
        int tileUnits = Math.Max(1, tileSide / unitSide);
        int rows = inputShape.Height / inputUnit;
        int columns = inputShape.Width / inputUnit;
        int tilesDown = (rows + tileUnits - 1) / tileUnits;
        int tilesAcross = (columns + tileUnits - 1) / tileUnits;
        for (int row = 0; row < tilesDown; row++)
        {
            for (int column = 0; column < tilesAcross; column++)
            {
                (Part Core, Part Whole) vertical = Cut(rows, row, tilesDown);
                (Part Core, Part Whole) horizontal = Cut(columns, column, tilesAcross);
                using ComputeScope scope = new(workspace, maxThreads, recording: false, cancellationToken);
                Tensor tile = scope.Create(1, new TensorShape(
                    vertical.Whole.Length * inputUnit, horizontal.Whole.Length * inputUnit, inputShape.Channels));
                int length = tile.Width * tile.Channels;
                scope.ForRanges(tile.Height, length / (double)FloatsPerOperation, (first, last) =>
                {
                    for (int y = first; y < last; y++)
                    {
                        input.Read(
                            vertical.Whole.Start * inputUnit + y, horizontal.Whole.Start * inputUnit, new Span<float>(tile.Data + (nint)y * length, length));
                    }
                });

                OutputWindow window = new(
                    (vertical.Core.Start - vertical.Whole.Start) * outputUnit,
                    vertical.Core.Length * outputUnit,
                    (horizontal.Core.Start - horizontal.Whole.Start) * outputUnit,
                    horizontal.Core.Length * outputUnit);
                Tensor result = _layers.Forward(scope, tile, window);
                int width = horizontal.Core.Length * outputUnit * outputShape.Channels;
                scope.ForRanges(vertical.Core.Length * outputUnit, width / (double)FloatsPerOperation, (first, last) =>
                {
                    for (int y = first; y < last; y++)
                    {
                        float* from = result.Data + ((nint)(window.Row + y) * result.Width + window.Column) * result.Channels;
                        output.Write(vertical.Core.Start * outputUnit + y, horizontal.Core.Start * outputUnit, new ReadOnlySpan<float>(from, width));
                    }
                });

                // Whole rows of tiles above, and the part of this row that is done.
                double rowPart = (horizontal.Core.Start + horizontal.Core.Length) / (double)columns;
                progress?.Report((vertical.Core.Start + rowPart * vertical.Core.Length) / rows);
            }
        }
    }

    /// <summary>A tile of several equal ones one way, alone and with its surroundings, which end where the picture ends.</summary>
    private (Part Core, Part Whole) Cut(int all, int index, int count)
    {
        int start = (int)((long)all * index / count);
        int end = (int)((long)all * (index + 1) / count);
        int wholeStart = Math.Max(0, start - _halo);
        return (new Part(start, end - start), new Part(wholeStart, Math.Min(end + _halo, all) - wholeStart));
    }

    /// <summary>A stretch of units.</summary>
    private readonly record struct Part(int Start, int Length);
}
