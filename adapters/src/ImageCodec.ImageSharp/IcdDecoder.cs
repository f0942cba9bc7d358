using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageCodec;

/// <summary>Restores pictures for ImageSharp by the compressor that each file needs.</summary>
/// <param name="compressors">Those to look among before the models that come with the library.</param>
internal sealed class IcdDecoder(ImageCompressor[] compressors) : ImageDecoder
{
    protected override Image<TPixel> Decode<TPixel>(DecoderOptions options, Stream stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] file = ReadToEnd(stream);
        try
        {
            RgbImage picture = FindCompressor(file).Decompress(file, cancellationToken: cancellationToken);
            Image<TPixel> image = picture.ToImageSharp<TPixel>(options.Configuration);
            ScaleToTargetSize(options, image);
            return image;
        }
        catch (Exception e) when (e is InvalidFileException or InvalidMemoryOperationException)
        {
            throw new InvalidImageContentException(e.Message, e);
        }
    }

    protected override Image Decode(DecoderOptions options, Stream stream, CancellationToken cancellationToken) =>
        Decode<Rgb24>(options, stream, cancellationToken);

    protected override ImageInfo Identify(DecoderOptions options, Stream stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] file = ReadToEnd(stream);
        try
        {
            IcdInfo info = ImageCompressor.Identify(file);
            return new ImageInfo(new PixelTypeInfo(24, PixelAlphaRepresentation.None), new Size(info.Width, info.Height), metadata: null);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidImageContentException(e.Message, e);
        }
    }

    /// <summary>Reads what is left of a stream, which the base class has made sure can seek.</summary>
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
