using ImageCodec.Models.Residuals;

namespace ImageCodec.Models.Compressor;

/// <summary>What a file has beside the codec's body: metadata, the mark of grey pictures, the alpha channel, what the decoded picture lacks, and how it lies.</summary>
internal static class PictureBoxes
{
    /// <summary>The boxes of a picture, in the order of their kinds.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="strip">Whether to leave out what may say where it was taken.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static IReadOnlyList<IcdBox> Of(RgbImage image, bool strip, CancellationToken cancellationToken)
    {
        List<IcdBox> boxes = [.. IcdMetadata.ToBoxes(Kept(image, strip))];
        if (image.IsTrulyGrey())
        {
            boxes.Add(new IcdBox(IcdBox.Grey, default));
        }

        if (image.Alpha.ContainsAnyExcept((byte)255))
        {
            boxes.Add(new IcdBox(IcdBox.Alpha, AlphaPlane.Encode(image.Alpha, image.Width, image.Height, cancellationToken)));
        }

        return boxes;
    }

    /// <summary>Gives a picture that was just encoded what decoding its boxes would give it, without decoding them.</summary>
    /// <param name="reconstruction">What the codec gave.</param>
    /// <param name="image">The picture that was encoded.</param>
    /// <param name="strip">Whether what may say where it was taken was left out.</param>
    /// <param name="boxes">Its boxes.</param>
    public static void Complete(RgbImage reconstruction, RgbImage image, bool strip, IReadOnlyList<IcdBox> boxes)
    {
        reconstruction.Metadata = Kept(image, strip);
        if (Find(boxes, IcdBox.Grey) is not null)
        {
            MakeGrey(reconstruction);
        }

        if (Find(boxes, IcdBox.Alpha) is not null)
        {
            image.Alpha.CopyTo(reconstruction.AddAlpha());
        }
    }

    /// <summary>Codes what a picture lacks as a box, and adds it to the picture.</summary>
    /// <param name="boxes">The other boxes.</param>
    /// <param name="reconstruction">What decoding will give without it; becomes what it will give with it.</param>
    /// <param name="image">The picture that was encoded.</param>
    /// <param name="maxError">How far values may be from it.</param>
    /// <param name="progress">Told the part that is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>All boxes.</returns>
    public static IReadOnlyList<IcdBox> WithResidual(
        IReadOnlyList<IcdBox> boxes, RgbImage reconstruction, RgbImage image, int maxError, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        bool isGrey = Find(boxes, IcdBox.Grey) is not null;
        return [.. boxes, new IcdBox(IcdBox.Residual, ResidualLayer.Encode(image, reconstruction, maxError, isGrey, progress, cancellationToken))];
    }

    /// <summary>Adds how the codec saw the picture, if that was not as it lies.</summary>
    public static IReadOnlyList<IcdBox> WithTurn(IReadOnlyList<IcdBox> boxes, PictureTurn turn) =>
        turn == default ? boxes : [.. boxes, new IcdBox(IcdBox.Turn, new[] { (byte)turn.Code })];

    /// <summary>How the codec saw the picture.</summary>
    /// <exception cref="InvalidFileException">The box is damaged.</exception>
    public static PictureTurn TurnOf(IReadOnlyList<IcdBox> boxes)
    {
        if (Find(boxes, IcdBox.Turn) is not { } box)
        {
            return default;
        }

        return box.Payload.Span is [> 0 and < PictureTurn.Count and var code]
            ? new PictureTurn(code)
            : throw new InvalidFileException("ICD", $"the box turn must have one byte from 1 to {PictureTurn.Count - 1}.");
    }

    /// <summary>Whether there is what a decoded picture lacks.</summary>
    public static bool HaveResidual(IReadOnlyList<IcdBox> boxes) => Find(boxes, IcdBox.Residual) is not null;

    /// <summary>Gives a decoded picture what belongs to it.</summary>
    /// <param name="icd">The file.</param>
    /// <param name="image">Its picture, at the scale.</param>
    /// <param name="scale">What the file's sides were divided by. What the picture lacks is added to the whole one alone.</param>
    /// <param name="progress">Told the part of what takes long that is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidFileException">A box is damaged.</exception>
    public static void Apply(IcdFile icd, RgbImage image, int scale, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (icd.Boxes.Count == 0)
        {
            return;
        }

        image.Metadata = IcdMetadata.FromBoxes(icd.Boxes);
        if (Find(icd.Boxes, IcdBox.Grey) is { } grey)
        {
            if (!grey.Payload.IsEmpty)
            {
                throw new InvalidFileException("ICD", $"the box grey has {grey.Payload.Length} bytes; it must have none.");
            }

            MakeGrey(image);
        }

        if (scale == 1 && Find(icd.Boxes, IcdBox.Residual) is { } residual)
        {
            ResidualLayer.Decode(residual.Payload.Span, image, image.IsGrey, progress, cancellationToken);
        }

        if (Find(icd.Boxes, IcdBox.Alpha) is { } alpha)
        {
            byte[] plane = AlphaPlane.Decode(alpha.Payload.Span, icd.Width, icd.Height, cancellationToken);
            AlphaPlane.Shrink(plane, icd.Width, icd.Height, scale, image.AddAlpha());
        }
    }

    private static PictureMetadata Kept(RgbImage image, bool strip) => strip ? image.Metadata.WithoutOrigin() : image.Metadata;

    private static IcdBox? Find(IReadOnlyList<IcdBox> boxes, int kind) => boxes.FirstOrDefault(box => box.Kind == kind);

    /// <summary>The mean of three values has the least squared error of all greys.</summary>
    private static void MakeGrey(RgbImage image)
    {
        Span<byte> rgb = image.Pixels;
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            rgb.Slice(i, 3).Fill((byte)((rgb[i] + rgb[i + 1] + rgb[i + 2] + 1) / 3));
        }

        image.IsGrey = true;
    }
}
