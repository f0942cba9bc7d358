using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Kernels;

/// <summary>The gradient of a convolution by its weights: for each weight, the sum over places of what it was multiplied by times what came of it.</summary>
internal static unsafe class WeightGradient
{
    /// <summary>About this many bytes of input and output gradient are gone through before the next weights are, so that they stay in the cache.</summary>
    private const int BlockBytes = 256 << 10;

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
        int termsPerRow = geometry.Kernel * geometry.Inputs;
        int tilesPerRow = (termsPerRow + backend.MaxTileRows - 1) / backend.MaxTileRows;
        int panelWidth = 2 * backend.Lanes;
        int panels = (geometry.Outputs + panelWidth - 1) / panelWidth;
        nint inputRowPitch = (nint)padded.Width * padded.Channels;
        nint outputRowPitch = (nint)outputGradient.Width * outputGradient.Channels;
        nint bytesPerRow = (geometry.Stride * inputRowPitch + outputRowPitch) * sizeof(float);
        int rowsPerBlock = (int)Math.Clamp(BlockBytes / bytesPerRow, 1, outputGradient.Height);

        // Threads share the weights, not the pictures: no sums to join, and the same result for any number of threads.
        int pieces = Math.Min(geometry.Kernel * tilesPerRow, scope.MaxThreads == 1 ? 1 : 4 * scope.MaxThreads);
        scope.For(pieces, piece =>
        {
            int firstTile = geometry.Kernel * tilesPerRow * piece / pieces;
            int lastTile = geometry.Kernel * tilesPerRow * (piece + 1) / pieces;
            for (int picture = 0; picture < input.Count; picture++)
            {
                for (int row = 0; row < outputGradient.Height; row += rowsPerBlock)
                {
                    int rows = Math.Min(rowsPerBlock, outputGradient.Height - row);
                    for (int tile = firstTile; tile < lastTile; tile++)
                    {
                        int kernelRow = tile / tilesPerRow;
                        int firstTerm = termsPerRow * (tile % tilesPerRow) / tilesPerRow;
                        int terms = termsPerRow * (tile % tilesPerRow + 1) / tilesPerRow - firstTerm;
                        for (int panel = 0; panel < panels; panel++)
                        {
                            AddTile(picture, row, rows, kernelRow, firstTerm, terms, panel * panelWidth);
                        }
                    }
                }
            }
        });
        if (padded != input)
        {
            scope.Release(padded);
        }

        void AddTile(int picture, int row, int rows, int kernelRow, int firstTerm, int terms, int firstColumn)
        {
            int columns = Math.Min(panelWidth, geometry.Outputs - firstColumn);
            int vectors = columns > backend.Lanes ? 2 : 1;
            int width = vectors * backend.Lanes;
            float* weights = weightGradient + ((nint)kernelRow * termsPerRow + firstTerm) * geometry.Outputs + firstColumn;
            float* scratch = stackalloc float[TileKernel.MaxRows * width];
            TileArguments tile = new()
            {
                A = padded.Data + picture * padded.PictureLength + ((nint)row * geometry.Stride + kernelRow) * inputRowPitch + firstTerm,
                RowStep = 1,
                InnerStep = (nint)geometry.Stride * geometry.Inputs,
                OuterStep = geometry.Stride * inputRowPitch,
                OuterCount = rows,
                InnerCount = outputGradient.Width,
                B = outputGradient.Data + picture * outputGradient.PictureLength + row * outputRowPitch + firstColumn,
                BStep = geometry.Outputs,
                Start = weights,
                StartPitch = geometry.Outputs,
                C = weights,
                CPitch = geometry.Outputs,
            };
            if (columns == width)
            {
                backend.RunTile(terms, vectors, in tile);
                return;
            }

            // The last vector is only partly there: its sums go through scratch, so that the next weight's are left alone.
            for (int i = 0; i < terms; i++)
            {
                new ReadOnlySpan<float>(weights + i * geometry.Outputs, columns).CopyTo(new Span<float>(scratch + i * width, columns));
            }

            tile.Start = tile.C = scratch;
            tile.StartPitch = tile.CPitch = width;
            backend.RunTile(terms, vectors, in tile);
            for (int i = 0; i < terms; i++)
            {
                new ReadOnlySpan<float>(scratch + i * width, columns).CopyTo(new Span<float>(weights + i * geometry.Outputs, columns));
            }
        }
    }
}
