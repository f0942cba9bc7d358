using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>The gradient of a convolution by its weights: for each weight, the sum over places of what it was multiplied by times what came of it.</summary>
internal unsafe struct WeightGradient
{
    /// <summary>About this many bytes of input and output gradient are gone through before the next weights are, so that they stay in the cache.</summary>
    private const int BlockBytes = 256 << 10;

    private ConvolutionGeometry _geometry;
    private Backend _backend;
    private Tensor _padded;
    private Tensor _outputGradient;
    private float* _weightGradient;
    private nint _inputRowPitch;
    private nint _outputRowPitch;
    private int _termsPerRow;
    private int _tilesPerRow;
    private int _rowsPerBlock;
    private int _picturesPerBlock;

    /// <summary>Adds the gradient by the weights of the convolution that reads <paramref name="input"/>.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="backend">Whose vectors.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="input">What the convolution reads.</param>
    /// <param name="outputGradient">The gradient by what it writes.</param>
    /// <param name="weightGradient">Added to; laid out as the weights, with a vector's slack behind.</param>
    public static void Add(
        ComputeScope scope, Backend backend, ConvolutionGeometry geometry, Tensor input, Tensor outputGradient, float* weightGradient)
    {
        int padding = geometry.Padding;
        Tensor padded = Padding.Add(scope, input, padding, padding, padding, padding);
        WeightGradient work = new()
        {
            _geometry = geometry,
            _backend = backend,
            _padded = padded,
            _outputGradient = outputGradient,
            _weightGradient = weightGradient,
            _inputRowPitch = (nint)padded.Width * padded.Channels,
            _outputRowPitch = (nint)outputGradient.Width * outputGradient.Channels,
            _termsPerRow = geometry.Kernel * geometry.Inputs,
        };
        work._tilesPerRow = (work._termsPerRow + backend.MaxTileRows - 1) / backend.MaxTileRows;
        nint bytesPerRow = (geometry.Stride * work._inputRowPitch + work._outputRowPitch) * sizeof(float);
        work._rowsPerBlock = (int)Math.Clamp(BlockBytes / bytesPerRow, 1, outputGradient.Height);

        // Whole small maps go into one tile together, so that its sums are loaded and stored once for all of them.
        work._picturesPerBlock = work._rowsPerBlock < outputGradient.Height
            ? 1
            : (int)Math.Clamp(BlockBytes / (bytesPerRow * outputGradient.Height), 1, input.Count);

        // Threads share the weights, not the pictures: no sums to join, and the same result for any number of threads.
        double operationsPerTile = (double)outputGradient.Length / backend.Lanes * backend.MaxTileRows;
        scope.ForRanges(geometry.Kernel * work._tilesPerRow, operationsPerTile, work.AddTiles);
        if (padded != input)
        {
            scope.Release(padded);
        }
    }

    private readonly void AddTiles(int firstTile, int lastTile)
    {
        int panelWidth = 2 * _backend.Lanes;
        int height = _outputGradient.Height;
        for (int picture = 0; picture < _padded.Count; picture += _picturesPerBlock)
        {
            int pictures = Math.Min(_picturesPerBlock, _padded.Count - picture);
            for (int row = 0; row < height; row += _rowsPerBlock)
            {
                int rows = Math.Min(_rowsPerBlock, height - row);
                for (int tile = firstTile; tile < lastTile; tile++)
                {
                    int kernelRow = tile / _tilesPerRow;
                    int firstTerm = _termsPerRow * (tile % _tilesPerRow) / _tilesPerRow;
                    int terms = _termsPerRow * (tile % _tilesPerRow + 1) / _tilesPerRow - firstTerm;
                    TileArguments arguments = new()
                    {
                        A = _padded.Data + picture * _padded.PictureLength + ((nint)row * _geometry.Stride + kernelRow) * _inputRowPitch + firstTerm,
                        RowStep = 1,
                        InnerStep = (nint)_geometry.Stride * _geometry.Inputs,
                        OuterStep = _geometry.Stride * _inputRowPitch,
                        GroupStep = _padded.PictureLength,
                        GroupCount = pictures,
                        OuterCount = rows,
                        InnerCount = _outputGradient.Width,
                        BStep = _geometry.Outputs,
                        StartPitch = _geometry.Outputs,
                        CPitch = _geometry.Outputs,
                    };
                    float* outputGradient = _outputGradient.Data + picture * _outputGradient.PictureLength + row * _outputRowPitch;
                    float* weights = _weightGradient + ((nint)kernelRow * _termsPerRow + firstTerm) * _geometry.Outputs;
                    for (int column = 0; column < _geometry.Outputs; column += panelWidth)
                    {
                        arguments.B = outputGradient + column;
                        arguments.Start = arguments.C = weights + column;
                        AddTile(ref arguments, terms, Math.Min(panelWidth, _geometry.Outputs - column));
                    }
                }
            }
        }
    }

    [SkipLocalsInit]
    private readonly void AddTile(ref TileArguments arguments, int terms, int columns)
    {
        int vectors = columns > _backend.Lanes ? 2 : 1;
        int width = vectors * _backend.Lanes;
        if (columns == width)
        {
            _backend.RunTile(terms, vectors, in arguments);
            return;
        }

        // The last vector is only partly there: its sums go through scratch, so that the next weight's are left alone.
        float* scratch = stackalloc float[TileKernel.MaxRows * width];
        float* weights = arguments.C;
        int pitch = _geometry.Outputs;
        for (int i = 0; i < terms; i++)
        {
            new ReadOnlySpan<float>(weights + i * pitch, columns).CopyTo(new Span<float>(scratch + i * width, columns));
        }

        TileArguments inScratch = arguments;
        inScratch.Start = inScratch.C = scratch;
        inScratch.StartPitch = inScratch.CPitch = width;
        _backend.RunTile(terms, vectors, in inScratch);
        for (int i = 0; i < terms; i++)
        {
            new ReadOnlySpan<float>(scratch + i * width, columns).CopyTo(new Span<float>(weights + i * pitch, columns));
        }
    }
}
