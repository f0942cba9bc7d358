using ImageCodec.Models.Compressor;

namespace ImageCodec;

/// <content>Pictures from the beginnings of files.</content>
public sealed partial class ImageCompressor
{
    /// <summary>
    /// Restores a picture at a scale from the beginning of a file, as far as it has come or was kept. <see cref="FittedInfo.Scales"/> says how much a scale needs.
    /// </summary>
    /// <remarks>
    /// The checksum stands at the end of a file, so that of a beginning nothing can be checked but what contradicts itself: bytes that were damaged on their way may
    /// give a wrong picture. What turns out to be a whole file is checked as <see cref="Decompress(ReadOnlyMemory{byte}, DecompressionOptions?, CancellationToken)"/>
    /// checks it. A beginning that does not reach as far as the scale needs is refused, not guessed at.
    /// </remarks>
    /// <param name="prefix">A file's first bytes; more than the scale needs do no harm.</param>
    /// <param name="options">At which scale.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    /// <exception cref="InvalidFileException">
    /// There are too few bytes for the scale, they are damaged in a way that shows, need another codec, or are of a picture of more than
    /// <see cref="MaxPixelCount"/> pixels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="NotSupportedException">The compressor's files hold no scales; only those of <c>fitted</c> do.</exception>
    /// <exception cref="ObjectDisposedException">The compressor has been disposed of.</exception>
    public RgbImage DecompressPrefix(ReadOnlyMemory<byte> prefix, DecompressionOptions options, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(options);
        if (IcdFile.IsWhole(prefix.Span))
        {
            return Decompress(prefix, options, cancellationToken);
        }

        int scale = ScaleOf(options);
        IcdFile icd = IcdFile.ReadPrefix(prefix);
        CheckFile(icd);
        PictureTurn turn = PictureBoxes.TurnOf(icd.Boxes);
        (int width, int height) = turn.Sides(icd.Width, icd.Height);
        RgbImage image = turn.Undo(_codec.DecodeScaled(icd.Body.Span, isPrefix: true, width, height, scale, null, cancellationToken));
        PictureBoxes.Apply(icd, image, scale, null, cancellationToken);
        return image;
    }
}
