using ImageCodec.Imaging;
using ImageCodec.Imaging.Jpeg;

namespace ImageCodec;

/// <content>What formats can't hold.</content>
public static partial class ImageFile
{
    /// <summary>Says what of a picture a file of a format will not hold; writing it then leaves that out. Without transparency, pixels are laid over white.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <returns>Sentences, for people; none where all is kept but, in JPEG, the exact pixels.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="format"/> is none.</exception>
    public static IReadOnlyList<string> FindLosses(RgbImage image, ImageFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!Enum.IsDefined(format))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of picture files.");
        }

        bool isPng = format == ImageFileFormat.Png;
        bool isJpeg = format == ImageFileFormat.Jpeg;
        PictureMetadata metadata = image.Metadata;
        List<string> losses = [];
        void Check(bool isThere, bool isKept, string what)
        {
            if (isThere && !isKept)
            {
                losses.Add(what);
            }
        }

        Check(image.Alpha.ContainsAnyExcept((byte)255), isPng, "The file can't hold transparency; the picture was laid over white.");
        Check(
            !metadata.IccProfile.IsEmpty,
            (isPng || (isJpeg && JpegMetadataWriter.HasRoomForIcc(metadata.IccProfile))) && IccProfiles.Fits(metadata.IccProfile.Span, image.FindColor() < 0),
            "The file can't hold the ICC profile; colours may look wrong.");
        Check(metadata.CodePoints is not null || metadata.Gamma is not null, isPng, "The file can't hold what the colours mean by numbers; they may look wrong.");
        Check(!metadata.Exif.IsEmpty, isPng || (isJpeg && JpegMetadataWriter.HasRoomForExif(metadata.Exif)), "The file can't hold the Exif.");
        Check(!metadata.Xmp.IsEmpty, isPng || (isJpeg && JpegMetadataWriter.HasRoomForXmp(metadata.Xmp)), "The file can't hold the XMP.");
        return losses;
    }
}
