using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// A convolution over an input that already has its padding, with each window wholly inside. A window's row of taps and channels
/// lies without gaps in memory, so a sum is: for each kernel row, one run of terms.
/// </summary>
internal unsafe struct DenseConvolution
{
    /// <summary>
    /// Output places whose windows should pass by before the next panel of weights is taken: enough to make up for fetching the
    /// panel, few enough for the windows to stay in the cache.
    /// </summary>
    private const int PlacesPerBlock = 256;

    /// <summary>Panels that are larger together than this do not stay in a core's cache: threads then share them, not the places.</summary>
    private const int LargePanelBytes = 512 << 10;

    public WeightPanels Panels;

    /// <summary>The first window of the first picture.</summary>
    public float* Input;

    public nint InputPictureStep;

    public nint InputRowPitch;

    public int InputChannels;

    /// <summary>From one window to the one below, and to the one on the right.</summary>
    public nint InputRowStep;

    public nint InputPixelStep;

    /// <summary>Kernel rows and columns.</summary>
    public int KernelRows;

    public int KernelColumns;

    /// <summary>The first output of the first picture.</summary>
    public float* Output;

    public nint OutputPictureStep;

    public nint OutputRowStep;

    public nint OutputPixelStep;

    public int Pictures;

    public int Rows;

    public int Columns;

    public bool Relu;

    /// <summary>
    /// Where set, the panel's columns are not channels but channels of a block of s × s pixels (row, column, channel), whose place
    /// in the output is worked out for each; see <see cref="BlockScatter"/>.
    /// </summary>
    public BlockScatter? Blocks;

    /// <summary>Runs convolutions that do not depend on each other, such as the phases of a transposed one.</summary>
    public static void Run(ComputeScope scope, ReadOnlySpan<DenseConvolution> convolutions)
    {
        List<(DenseConvolution Work, int Pieces)> parts = [];
        int pieces = 0;
        double operations = 0;
        foreach (DenseConvolution convolution in convolutions)
        {
            operations += convolution.Operations;
        }

        int wanted = scope.Pieces(operations);
        foreach (DenseConvolution convolution in convolutions)
        {
            if (convolution.Rows > 0 && convolution.Columns > 0)
            {
                DenseConvolution work = convolution;
                work.UseLongestAsColumns();
                int share = wanted == 1 ? 1 : work.Cut((int)Math.Ceiling(wanted * convolution.Operations / operations));
                parts.Add((work, share));
                pieces += share;
            }
        }

        if (wanted == 1)
        {
            foreach ((DenseConvolution work, _) in parts)
            {
                work.RunPiece(0, 1, scope.CancellationToken);
            }
        }
        else
        {
            scope.For(pieces, piece =>
            {
                int part = 0;
                for (; piece >= parts[part].Pieces; part++)
                {
                    piece -= parts[part].Pieces;
                }

                parts[part].Work.RunPiece(piece, parts[part].Pieces, scope.CancellationToken);
            });
        }

        // The kernels know the panels by address only.
        GC.KeepAlive(parts);
    }

    /// <summary>Runs it on this thread, to its end.</summary>
    public readonly void RunAll() => RunPiece(0, 1, CancellationToken.None);

    private readonly double Operations =>
        (double)Pictures * Math.Max(0, Rows) * Math.Max(0, Columns) * KernelRows * KernelColumns * InputChannels * Panels.PanelCount;

    private readonly bool CutsPanels => (long)Panels.Terms * Panels.Columns * sizeof(float) > LargePanelBytes;

    private static int Cut(int count, int piece, int pieces) => (int)((long)count * piece / pieces);

    /// <summary>Sets where windows lie: the first one's row and column, and rows and columns from one to the next.</summary>
    public void ReadFrom(Tensor source, int row, int column, int step)
    {
        nint pitch = (nint)source.Width * source.Channels;
        Input = source.Data + row * pitch + (nint)column * source.Channels;
        InputPictureStep = source.PictureLength;
        InputRowPitch = pitch;
        InputRowStep = step * pitch;
        InputPixelStep = (nint)step * source.Channels;
        InputChannels = source.Channels;
        Pictures = source.Count;
    }

    /// <summary>Sets where outputs lie: the first one's row and column, and rows and columns from one to the next.</summary>
    public void WriteTo(Tensor output, int row, int column, int rowStep, int columnStep)
    {
        nint pitch = (nint)output.Width * output.Channels;
        Output = output.Data + row * pitch + (nint)column * output.Channels;
        OutputPictureStep = output.PictureLength;
        OutputRowStep = rowStep * pitch;
        OutputPixelStep = (nint)columnStep * output.Channels;
    }

    /// <summary>The part from a row and a column of places on, without its input.</summary>
    public readonly DenseConvolution Part(int row, int rows, int column, int columns)
    {
        DenseConvolution part = this;
        part.Output += row * OutputRowStep + column * OutputPixelStep;
        part.Blocks = Blocks?.From(row, column);
        part.Rows = rows;
        part.Columns = columns;
        return part;
    }

    /// <summary>
    /// A row of few places fills no tile. The same place of all pictures of a batch does as well, or a column of places: they
    /// change roles with the row.
    /// </summary>
    private void UseLongestAsColumns()
    {
        if (Blocks is not null || Columns >= Panels.Backend.MaxTileRows)
        {
            return;
        }

        if (Pictures > Columns && Pictures >= Rows)
        {
            (Pictures, Columns) = (Columns, Pictures);
            (InputPictureStep, InputPixelStep) = (InputPixelStep, InputPictureStep);
            (OutputPictureStep, OutputPixelStep) = (OutputPixelStep, OutputPictureStep);
        }
        else if (Rows > Columns)
        {
            (Rows, Columns) = (Columns, Rows);
            (InputRowStep, InputPixelStep) = (InputPixelStep, InputRowStep);
            (OutputRowStep, OutputPixelStep) = (OutputPixelStep, OutputRowStep);
        }
    }

    /// <summary>How many pieces to make where some are wanted: panels are few and take long, so that pieces of one or two of them would leave a thread waiting.</summary>
    private readonly int Cut(int wanted) => wanted == 1 ? 1 : CutsPanels ? Panels.PanelCount : Math.Clamp(wanted, 1, Pictures * Rows);

    private readonly void RunPiece(int piece, int pieces, CancellationToken cancellationToken)
    {
        int rows = Pictures * Rows;
        bool panels = CutsPanels;
        int firstPanel = panels ? Cut(Panels.PanelCount, piece, pieces) : 0;
        int lastPanel = panels ? Cut(Panels.PanelCount, piece + 1, pieces) : Panels.PanelCount;
        int firstRow = panels ? 0 : Cut(rows, piece, pieces);
        int lastRow = panels ? rows : Cut(rows, piece + 1, pieces);
        int rowsPerBlock = Math.Max(1, PlacesPerBlock / Columns);
        for (int block = firstRow; block < lastRow; block += rowsPerBlock)
        {
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int row = block; row < Math.Min(block + rowsPerBlock, lastRow); row++)
                {
                    RunRow(row / Rows, row % Rows, panel);
                }
            }
        }
    }

    [SkipLocalsInit]
    private readonly void RunRow(int picture, int row, int panel)
    {
        Backend backend = Panels.Backend;
        int vectors = Panels.Vectors(panel);
        int width = vectors * backend.Lanes;
        int channels = Panels.ColumnsIn(panel);
        float* scratch = stackalloc float[TileKernel.MaxRows * width + BlockScatter.Slack];
        bool direct = channels == width && Blocks is null;

        TileArguments tile = new()
        {
            RowStep = InputPixelStep,
            InnerStep = 1,
            OuterStep = InputRowPitch,
            OuterCount = KernelRows,
            InnerCount = KernelColumns * InputChannels,
            GroupCount = 1,
            B = Panels.Weights(panel),
            BStep = width,
            Start = Panels.Bias(panel),
            Relu = Relu,
        };
        float* input = Input + picture * InputPictureStep + row * InputRowStep;
        float* output = Output + picture * OutputPictureStep + row * OutputRowStep + Panels.FirstColumn(panel);
        int tiles = (Columns + backend.MaxTileRows - 1) / backend.MaxTileRows;
        for (int i = 0; i < tiles; i++)
        {
            int first = Cut(Columns, i, tiles);
            int count = Cut(Columns, i + 1, tiles) - first;
            tile.A = input + first * tile.RowStep;
            tile.C = direct ? output + first * OutputPixelStep : scratch;
            tile.CPitch = direct ? OutputPixelStep : width;
            backend.RunTile(count, vectors, in tile);
            if (Blocks is { } blocks)
            {
                blocks.Put(scratch, width, Panels.FirstColumn(panel), channels, picture, row, first, count);
            }
            else if (!direct)
            {
                for (int pixel = 0; pixel < count; pixel++)
                {
                    new ReadOnlySpan<float>(scratch + pixel * width, channels).CopyTo(new Span<float>(output + (first + pixel) * OutputPixelStep, channels));
                }
            }
        }
    }
}
