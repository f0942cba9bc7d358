using ImageCodec.Imaging;
using SkiaSharp;

namespace ImageCodec.Skia;

/// <summary>Between what metadata say of colours and the colour spaces of Skia.</summary>
/// <remarks>Colour spaces are not disposed of here: Skia hands out the same object for the same space, so others may hold it.</remarks>
internal static class ColorSpaces
{
    /// <summary>Samples over light, times 100,000, in metadata; light over samples in Skia.</summary>
    private const float GammaUnit = 100_000;

    /// <summary>The colour space of a picture.</summary>
    /// <returns>sRGB where nothing is said; null where Skia does not know what is said.</returns>
    public static SKColorSpace? Of(PictureMetadata metadata)
    {
        if (metadata.CodePoints is { } points)
        {
            return points.IsFullRange ? SKColorSpace.CreateCicp((SKColorspacePrimariesCicp)points.Primaries, (SKColorspaceTransferFnCicp)points.Transfer) : null;
        }

        if (!metadata.IccProfile.IsEmpty)
        {
            using SKColorSpaceIccProfile? profile = SKColorSpaceIccProfile.Create(metadata.IccProfile.Span);
            return profile is null ? null : SKColorSpace.CreateIcc(profile);
        }

        return metadata.Gamma is { } gamma
            ? SKColorSpace.CreateRgb(new SKColorSpaceTransferFn(GammaUnit / gamma, 1, 0, 0, 0, 0, 0), SKColorSpaceXyz.Srgb)
            : SKColorSpace.CreateSrgb();
    }

    /// <summary>What a picture's metadata are to say of a colour space.</summary>
    /// <param name="space">The space; sRGB thereafter if there is no profile for it, and null if it is sRGB already, or none.</param>
    public static PictureMetadata Describe(ref SKColorSpace? space)
    {
        if (space is null || space.IsSrgb)
        {
            return PictureMetadata.None;
        }

        ReadOnlyMemory<byte> profile = WriteIcc(space);
        if (profile.IsEmpty)
        {
            space = SKColorSpace.CreateSrgb();
            return PictureMetadata.None;
        }

        return new PictureMetadata { IccProfile = profile };
    }

    /// <summary>Finds the profile of a picture for files that can say in no other way what colours mean.</summary>
    /// <param name="metadata">What is said of the colours.</param>
    /// <param name="profile">The profile; none where the colours are those of sRGB.</param>
    /// <returns>Whether the file then says what is said here.</returns>
    public static bool TryGetProfile(PictureMetadata metadata, out ReadOnlyMemory<byte> profile)
    {
        if (metadata.CodePoints is null && IccProfiles.Fits(metadata.IccProfile.Span, isGrey: false))
        {
            profile = metadata.IccProfile;
            return true;
        }

        SKColorSpace? space = Of(metadata);
        profile = space is null or { IsSrgb: true } ? default : WriteIcc(space);
        return space is { IsSrgb: true } || !profile.IsEmpty;
    }

    /// <summary>Skia gives profiles to nobody but to files, so the profile is taken out of a file of one pixel.</summary>
    private static ReadOnlyMemory<byte> WriteIcc(SKColorSpace space)
    {
        using SKBitmap pixel = new(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, space));
        using SKPixmap pixels = pixel.PeekPixels();
        using SKData? file = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 0));
        return file is null ? default : WebpFile.Find(file.AsSpan(), WebpFile.Icc).ToArray();
    }
}
