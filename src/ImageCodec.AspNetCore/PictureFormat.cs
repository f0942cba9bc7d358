using ImageCodec.Imaging.Jpeg;
using ImageCodec.Skia;

namespace ImageCodec.AspNetCore;

/// <summary>What a picture can be sent as.</summary>
/// <param name="Name">The name in metrics.</param>
/// <param name="MediaType">The media type that clients ask for.</param>
/// <param name="Tag">What sets files of this format and these options apart from others; part of entity tags.</param>
/// <param name="Encode">Makes the file and says its media type; null for the <c>.icd</c> file as it is.</param>
internal sealed record PictureFormat(string Name, string MediaType, string Tag, Func<RgbImage, CancellationToken, TranscodedFile>? Encode)
{
    private const string Webp = "image/webp";
    private const string Png = "image/png";
    private const string Jpeg = "image/jpeg";

    /// <summary>The bytes that encoders write may change from version to version.</summary>
    private static readonly string s_version = typeof(PictureFormat).Assembly.GetName().Version!.ToString(3);

    /// <summary>The formats, the one to take first if a client has no preference.</summary>
    public static PictureFormat[] All(ImageCodecWebOptions options) =>
    [
        new("icd", IcdFile.MediaType, "icd", null),
        new("webp", Webp, $"webp{options.WebpQuality}-{s_version}", (image, stop) => Math.Max(image.Width, image.Height) <= WebpFile.MaxSide
            ? new TranscodedFile(Webp, SkiaImageFile.EncodeWebp(image, options.WebpQuality))
            : EncodePng(image, stop)),
        new("png", Png, $"png-{s_version}", EncodePng),
        new("jpeg", Jpeg, $"jpeg{options.JpegQuality}-{s_version}", (image, stop) => Math.Max(image.Width, image.Height) <= JpegFormat.MaxSide
            ? new TranscodedFile(Jpeg, ImageFile.EncodeJpeg(image, options.JpegQuality, stop))
            : EncodePng(image, stop)),
    ];

    /// <summary>The only one of the formats that holds pictures of all sizes.</summary>
    private static TranscodedFile EncodePng(RgbImage image, CancellationToken stop) => new(Png, ImageFile.Encode(image, ImageFileFormat.Png, stop));
}
