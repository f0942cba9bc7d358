using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>What ImageSharp is told of a file without restoring it.</summary>
internal sealed class IcdImageInfo(int width, int height) : IImageInfo
{
    public PixelTypeInfo PixelType { get; } = new(24, PixelAlphaRepresentation.None);

    public int Width => width;

    public int Height => height;

    public ImageMetadata Metadata { get; } = new();
}
