using System.Buffers;
using System.Runtime.CompilerServices;
using ImageCodec.NeuralNetworks.Kernels;
using ImageCodec.NeuralNetworks.Simd;
using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Training;

/// <summary>The gradient of a convolution by its weights: for each weight, the sum over places of what it was multiplied by times what came of it.</summary>
internal unsafe struct WeightGradient
{
    /// <summary>
    /// With so many outputs channels are so far apart that they crowd each other out of the cache, and there are so many to multiply a tile's inputs with that it pays to copy both first.
    /// </summary>
    private const int OutputsForCopies = 128;

    /// <summary>About so many places are gone through before the next weights are, so that copies stay in the nearest cache.</summary>
    private const int PlacesOfCopies = 256;

    /// <summary>Without copies so many that about so many bytes of input and output gradient are read, which stay in the next one.</summary>
    private const int BytesInPlace = 256 << 10;

    private ConvolutionGeometry _geometry;
    private Backend _backend;
    private Tensor _padded;
    private Tensor _outputGradient;
    private bool _copies;
    private float* _panels;
    private nint _panelPitch;
    private int _placePitch;
    private float* _weightGradient;
    private nint _inputRowPitch;
    private int _panelWidth;
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
        int panelWidth = 2 * backend.Lanes;
        int places = outputGradient.Height * outputGradient.Width;
        bool copies = geometry.Outputs >= OutputsForCopies;
        Tensor panels = copies ? CutIntoPanels(scope, outputGradient, panelWidth) : outputGradient;
        int blockPlaces = copies ? PlacesOfCopies : BytesInPlace / sizeof(float) / (geometry.Stride * geometry.Stride * geometry.Inputs + geometry.Outputs);
        WeightGradient work = new()
        {
            _geometry = geometry,
            _backend = backend,
            _padded = padded,
            _outputGradient = outputGradient,
            _copies = copies,
            _panels = panels.Data,
            _panelPitch = copies ? panels.PictureLength : panelWidth,
            _placePitch = panels.Channels,
            _weightGradient = weightGradient,
            _inputRowPitch = (nint)padded.Width * padded.Channels,
            _panelWidth = panelWidth,
            _termsPerRow = geometry.Kernel * geometry.Inputs,
            _rowsPerBlock = Math.Clamp(blockPlaces / outputGradient.Width, 1, outputGradient.Height),

            // Whole small maps go into one tile together, so that its sums are loaded and stored once for all of them.
            _picturesPerBlock = Math.Clamp(blockPlaces / places, 1, input.Count),
        };
        work._tilesPerRow = (work._termsPerRow + backend.MaxTileRows - 1) / backend.MaxTileRows;

        // Threads share the weights, not the pictures: no sums to join, and the same result for any number of threads.
        double operationsPerTile = (double)outputGradient.Length / backend.Lanes * backend.MaxTileRows;
        scope.ForRanges(geometry.Kernel * work._tilesPerRow, operationsPerTile, work.AddTiles);
        if (copies)
        {
            scope.Release(panels);
        }

        if (padded != input)
        {
            scope.Release(padded);
        }
    }

    /// <summary>Copies a map so that the channels of each panel lie together, place by place. Missing channels are zero.</summary>
    private static Tensor CutIntoPanels(ComputeScope scope, Tensor map, int panelWidth)
    {
        int panels = (map.Channels + panelWidth - 1) / panelWidth;
        int places = checked(map.Count * map.Height * map.Width);
        Tensor cut = scope.Create(panels, new TensorShape(1, places, panelWidth));
        scope.ForRanges(places, (double)map.Channels / 4, (first, last) =>
        {
            for (int panel = 0; panel < panels; panel++)
            {
                int columns = Math.Min(panelWidth, map.Channels - panel * panelWidth);
                float* from = map.Data + (nint)first * map.Channels + panel * panelWidth;
                float* to = cut.Data + ((nint)panel * places + first) * panelWidth;
                for (int place = first; place < last; place++, from += map.Channels, to += panelWidth)
                {
                    new ReadOnlySpan<float>(from, columns).CopyTo(new Span<float>(to, columns));
                    new Span<float>(to + columns, panelWidth - columns).Clear();
                }
            }
        });
        return cut;
    }

    private readonly void AddTiles(int firstTile, int lastTile)
    {
        int height = _outputGradient.Height;
        int width = _outputGradient.Width;
        int factorPitch = (_backend.MaxTileRows + _backend.Lanes - 1) / _backend.Lanes * _backend.Lanes;
        float[] scratch = ArrayPool<float>.Shared.Rent(_copies ? _picturesPerBlock * _rowsPerBlock * width * factorPitch : 0);
        fixed (float* factors = scratch)
        {
            for (int picture = 0; picture < _padded.Count; picture += _picturesPerBlock)
            {
                for (int row = 0; row < height; row += _rowsPerBlock)
                {
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
                            GroupCount = Math.Min(_picturesPerBlock, _padded.Count - picture),
                            OuterCount = Math.Min(_rowsPerBlock, height - row),
                            InnerCount = width,
                            BStep = _placePitch,
                            StartPitch = _geometry.Outputs,
                            CPitch = _geometry.Outputs,
                        };
                        if (_copies)
                        {
                            CopyFactors(ref arguments, factors, factorPitch);
                        }

                        float* panel = _panels + ((nint)picture * height + row) * width * _placePitch;
                        float* weights = _weightGradient + ((nint)kernelRow * _termsPerRow + firstTerm) * _geometry.Outputs;
                        for (int column = 0; column < _geometry.Outputs; column += _panelWidth, panel += _panelPitch)
                        {
                            arguments.B = panel;
                            arguments.Start = arguments.C = weights + column;
                            AddTile(ref arguments, terms, Math.Min(_panelWidth, _geometry.Outputs - column));
                        }
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>Copies what a tile multiplies with, so that it lies place by place without anything between.</summary>
    /// <param name="arguments">The tile; from then on it reads the copy.</param>
    /// <param name="factors">Receives the copy.</param>
    /// <param name="pitch">Floats for each place, whole vectors: those that the tile has no use for are copied too.</param>
    private readonly void CopyFactors(ref TileArguments arguments, float* factors, int pitch)
    {
        _backend.Run(new FactorCopy { Tile = arguments, To = factors, Pitch = pitch });
        arguments.A = factors;
        arguments.InnerStep = pitch;
        arguments.InnerCount *= arguments.OuterCount * arguments.GroupCount;
        arguments.OuterCount = arguments.GroupCount = 1;
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

    private struct FactorCopy : IKernel
    {
        public TileArguments Tile;
        public float* To;
        public int Pitch;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVector, TSimd>()
            where TVector : struct
            where TSimd : struct, ISimd<TVector>
        {
            float* to = To;
            for (int group = 0; group < Tile.GroupCount; group++)
            {
                for (int outer = 0; outer < Tile.OuterCount; outer++)
                {
                    float* from = Tile.A + group * Tile.GroupStep + outer * Tile.OuterStep;
                    for (int inner = 0; inner < Tile.InnerCount; inner++, from += Tile.InnerStep, to += Pitch)
                    {
                        for (int i = 0; i < Pitch; i += TSimd.Lanes)
                        {
                            TSimd.Store(TSimd.Load(from + i), to + i);
                        }
                    }
                }
            }
        }
    }
}
