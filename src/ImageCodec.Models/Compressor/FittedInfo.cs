using ImageCodec.Models.Fitted;
using ImageCodec.Models.Fitted.Integers;

namespace ImageCodec;

/// <summary>What a file of the model <c>fitted</c> says of its decoder and its scales.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class FittedInfo
{
    private FittedInfo(QuantizedNetwork network, IReadOnlyList<ScaleInfo> scales)
    {
        FittedLayout layout = network.Layout;
        Level = network.Rate + 1;
        DecoderSize = layout.Size == FittedLayout.Small.Size ? "small" : "large";
        ParameterCount = layout.Count;
        DecoderOperationsPerPixel = FittedModel.CountOperations(layout);
        Scales = scales;
    }

    /// <summary>The level whose prior the decoder's networks are coded against.</summary>
    public int Level { get; }

    /// <summary>Which of the decoders it is: <c>small</c> or <c>large</c>.</summary>
    public string DecoderSize { get; }

    /// <summary>Numbers that the decoder's networks have.</summary>
    public int ParameterCount { get; }

    /// <summary>Multiply-accumulate operations for a pixel that restoring takes.</summary>
    public double DecoderOperationsPerPixel { get; }

    /// <summary>For each of <see cref="DecompressionOptions.Scales"/>, from the coarsest to the whole picture, how large the picture is and how much of the file it needs.</summary>
    public IReadOnlyList<ScaleInfo> Scales { get; }

    /// <summary>Reads all of a file's numbers, as restoring the picture does, but makes no pixels.</summary>
    /// <param name="file">A whole <c>.icd</c> file.</param>
    /// <param name="maxPixelCount">Pixels of the largest picture that is taken.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">The file is damaged, of another codec, or has more pixels.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static FittedInfo Read(
        ReadOnlyMemory<byte> file, int maxPixelCount = ImageCompressor.DefaultMaxPixelCount, CancellationToken cancellationToken = default)
    {
        IcdFile icd = IcdFile.Read(file);
        CodecFingerprint own = PretrainedModel.Get(FittedPriors.ModelName).Fingerprint;
        if (icd.Fingerprint != own)
        {
            throw new InvalidFileException(
                "ICD", $"the file is of the codec {icd.Fingerprint}{PretrainedModel.Describe(icd.Fingerprint)}, but only those of {own}{PretrainedModel.Describe(own)} have scales.", 2);
        }

        if ((long)icd.Width * icd.Height > maxPixelCount)
        {
            throw new InvalidFileException("ICD", $"the picture is declared as {icd.Width}×{icd.Height}, more than the {maxPixelCount} pixels that are taken.");
        }

        FittedReader reader = new(icd.Body.Span, icd.Width, icd.Height, 0, IntegerBackend.Current);
        int head = icd.FileLength - Crc24.Length - icd.Body.Length;
        List<ScaleInfo> scales = [];
        int grid = reader.Grids.Count;
        for (int halvings = FittedDecoder.MaxScale; halvings >= 0; halvings--)
        {
            while (grid > halvings)
            {
                grid--;
                reader.Read(grid, null, cancellationToken);
            }

            // A decoder may ask for bytes behind the end, which are zeros; only the whole file says that they are not missing.
            bool isBefore = halvings > 0 && reader.Position <= icd.Body.Length;
            scales.Add(new ScaleInfo(
                1 << halvings,
                FittedLayout.GridSide(icd.Width, halvings),
                FittedLayout.GridSide(icd.Height, halvings),
                isBefore ? head + reader.Position : icd.FileLength));
        }

        reader.End();
        return new FittedInfo(reader.Network, scales);
    }
}

/// <summary>A scale of a file of the model <c>fitted</c>.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class ScaleInfo
{
    internal ScaleInfo(int scale, int width, int height, int fileLength) => (Scale, Width, Height, FileLength) = (scale, width, height, fileLength);

    /// <summary>What the whole picture's sides are divided by.</summary>
    public int Scale { get; }

    /// <summary>The width of the picture at this scale.</summary>
    public int Width { get; }

    /// <summary>Its height.</summary>
    public int Height { get; }

    /// <summary>Bytes of the file's beginning that <see cref="ImageCompressor.DecompressPrefix"/> needs for it.</summary>
    public int FileLength { get; }
}
