using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec.Models.Fitted;

/// <summary>Bodies of fitted files to pictures.</summary>
internal static class FittedDecoder
{
    /// <summary>Halvings of a picture's sides at most.</summary>
    public const int MaxScale = 3;

    /// <summary>Decodes a picture.</summary>
    /// <param name="body">The body; with a scale above 0, perhaps only its beginning.</param>
    /// <param name="width">Width of the picture, as the container says.</param>
    /// <param name="height">Its height.</param>
    /// <param name="scale">How often the sides are halved, rounded up: 0 … <see cref="MaxScale"/>.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="backend">The kernels to use; null for the best.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The body is damaged.</exception>
    public static RgbImage Decode(
        ReadOnlySpan<byte> body, int width, int height, int scale = 0, int maxThreads = 0, IntegerBackend? backend = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, MaxScale);
        FittedReader reader = new(body, width, height, scale, backend ?? IntegerBackend.Current);
        for (int grid = reader.Grids.Count - 1; grid > scale; grid--)
        {
            reader.Read(grid, null, cancellationToken);
        }

        using SynthesisRun run = new(reader.Network, reader.Grids, scale, maxThreads, backend ?? IntegerBackend.Current, cancellationToken);
        if (scale < reader.Grids.Count)
        {
            reader.Read(scale, run.Report, cancellationToken);
        }

        if (scale == 0)
        {
            reader.End();
        }

        run.Finish();
        return run.Image;
    }

    /// <summary>Decodes a picture from the beginning of a body, behind which nothing is known.</summary>
    /// <param name="prefix">The beginning.</param>
    /// <param name="width">Width of the picture, as the container says.</param>
    /// <param name="height">Its height.</param>
    /// <param name="scale">How often the sides are halved, rounded up: 0 … <see cref="MaxScale"/>.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">It is damaged, or ends too early.</exception>
    public static RgbImage DecodePrefix(ReadOnlySpan<byte> prefix, int width, int height, int scale, int maxThreads, CancellationToken cancellationToken)
    {
        FittedReader reader = new(prefix, width, height, scale, IntegerBackend.Current);
        for (int grid = reader.Grids.Count - 1; grid >= scale && reader.Position <= prefix.Length; grid--)
        {
            try
            {
                reader.Read(grid, null, cancellationToken);
            }
            catch (InvalidFileException) when (reader.Position > prefix.Length)
            {
                // What is missing reads as zeros, which need not make sense; the reason is told below.
            }
        }

        return reader.Position <= prefix.Length
            ? IntegerSynthesis.Run(reader.Network, reader.Grids, scale, maxThreads, cancellationToken: cancellationToken)
            : throw FittedBody.Damaged($"there are {prefix.Length} bytes of a body, but the picture at the scale 1/{1 << scale} needs more.");
    }
}
