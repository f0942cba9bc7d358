using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>Restores pictures for ImageSharp by the compressor that each file needs.</summary>
/// <param name="compressors">Those to look among before the models that come with the library.</param>
internal sealed class IcdDecoder(ImageCompressor[] compressors) : IImageDecoder, IImageInfoDetector
{
    public Image<TPixel> Decode<TPixel>(Configuration configuration, Stream stream, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] file = ReadToEnd(stream);
        try
        {
            return FindCompressor(file).Decompress(file, cancellationToken: cancellationToken).ToImageSharp<TPixel>(configuration);
        }
        catch (Exception e) when (e is InvalidFileException or InvalidMemoryOperationException)
        {
            throw new InvalidImageContentException(e.Message, e);
        }
    }

    public Image Decode(Configuration configuration, Stream stream, CancellationToken cancellationToken) =>
        Decode<Rgb24>(configuration, stream, cancellationToken);

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

    private ImageCompressor FindCompressor(ReadOnlyMemory<byte> file)
    {
        IcdInfo info = ImageCompressor.Identify(file);
        foreach (ImageCompressor compressor in compressors)
        {
            if (compressor.Fingerprint == info.Fingerprint)
            {
                return compressor;
            }
        }

        return info.ModelName is { } name
            ? PretrainedCompressors.Get(name)
            : throw new InvalidFileException(
                IcdFormat.Instance.Name,
                $"the file needs the codec {info.Fingerprint}, which is no model of the library and none of the compressors that " +
                $"{nameof(IcdConfigurationModule)} was given.",
                2);
    }
}
