using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>
/// A convolution over an input that already has its padding, with each window wholly inside. A window's row of taps and channels
/// lies without gaps in memory, so a sum is: for each kernel row, one run of terms.
/// </summary>
internal unsafe struct DenseConvolution
{
    /// <summary>Batches, rows and panels are handed to threads in about this many pieces each.</summary>
    private const int PiecesPerThread = 4;

    public WeightPanels Panels;

    /// <summary>The first window of the first picture.</summary>
    public float* Input;

    public nint InputPictureStep;

    public nint InputRowPitch;

    public int InputChannels;

    public int Stride;

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

    public readonly void Run(ComputeScope scope)
    {
        if (Rows <= 0 || Columns <= 0)
        {
            return;
        }

        DenseConvolution work = this;
        int wanted = scope.MaxThreads == 1 ? 1 : PiecesPerThread * scope.MaxThreads;
        int rowPieces = Math.Clamp(wanted / Pictures, 1, Rows);
        int panelPieces = Math.Clamp(wanted / (Pictures * rowPieces), 1, Panels.PanelCount);
        scope.For(Pictures * rowPieces * panelPieces, piece =>
        {
            int panelPiece = piece % panelPieces;
            int rowPiece = piece / panelPieces % rowPieces;
            int picture = piece / panelPieces / rowPieces;
            int firstPanel = Cut(work.Panels.PanelCount, panelPiece, panelPieces);
            int lastPanel = Cut(work.Panels.PanelCount, panelPiece + 1, panelPieces);
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                for (int row = Cut(work.Rows, rowPiece, rowPieces); row < Cut(work.Rows, rowPiece + 1, rowPieces); row++)
                {
                    work.RunRow(picture, row, panel);
                }
            }
        });

        // The kernels know the panels by address only.
        GC.KeepAlive(Panels);
    }

    private static int Cut(int count, int piece, int pieces) => (int)((long)count * piece / pieces);

    private readonly void RunRow(int picture, int row, int panel)
    {
        Backend backend = Panels.Backend;
        int vectors = Panels.Vectors(panel);
        int width = vectors * backend.Lanes;
        int channels = Panels.ColumnsIn(panel);
        float* scratch = stackalloc float[TileKernel.MaxRows * width];
        bool direct = channels == width && Blocks is null;

        TileArguments tile = new()
        {
            RowStep = (nint)Stride * InputChannels,
            InnerStep = 1,
            OuterStep = InputRowPitch,
            OuterCount = KernelRows,
            InnerCount = KernelColumns * InputChannels,
            B = Panels.Weights(panel),
            BStep = width,
            Start = Panels.Bias(panel),
            Relu = Relu,
        };
        float* input = Input + picture * InputPictureStep + row * Stride * InputRowPitch;
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
