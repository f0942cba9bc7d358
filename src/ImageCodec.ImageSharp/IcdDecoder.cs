using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>Restores pictures for ImageSharp by the compressor that each file needs.</summary>
/// <param name="decompressor">What finds it.</param>
internal sealed class IcdDecoder(ImageDecompressor decompressor) : IImageDecoder, IImageInfoDetector
{
    public Image<TPixel> Decode<TPixel>(Configuration configuration, Stream stream, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel> =>
        Decode(stream, picture => picture.ToImageSharp<TPixel>(configuration), cancellationToken);

    /// <summary>The type of the pixels is the one that holds them as they are.</summary>
    public Image Decode(Configuration configuration, Stream stream, CancellationToken cancellationToken) => Decode(
        stream, picture => picture.HasAlpha ? picture.ToImageSharp<Rgba32>(configuration) : (Image)picture.ToImageSharp<Rgb24>(configuration), cancellationToken);

    public IImageInfo Identify(Configuration configuration, Stream stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] file = ReadToEnd(stream);
        try
        {
            IcdInfo info = ImageCompressor.Identify(file);
            return new IcdImageInfo(info.Width, info.Height);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidImageContentException(e.Message, e);
        }
    }

    private TImage Decode<TImage>(Stream stream, Func<RgbImage, TImage> convert, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] file = ReadToEnd(stream);
        try
        {
            return convert(decompressor.Decompress(file, cancellationToken: cancellationToken));
        }
        catch (Exception e) when (e is InvalidFileException or InvalidMemoryOperationException)
        {
            throw new InvalidImageContentException(e.Message, e);
        }
    }

    /// <summary>Reads what is left of a stream, which ImageSharp has made sure can seek.</summary>
    private static byte[] ReadToEnd(Stream stream)
    {
        long length = stream.Length - stream.Position;
        if (length > Array.MaxLength)
        {
            throw new InvalidImageContentException($"The file has {length} bytes, more than the {Array.MaxLength} that can be read.");
        }

        byte[] file = new byte[length];
        stream.ReadExactly(file);
        return file;
    }
}
