using ImageCodec.Models;

namespace ImageCodec;

/// <summary>What measuring a codec needs beside using it.</summary>
public sealed partial class ImageCompressor
{
    /// <summary>The number of the quantiser's settings.</summary>
    internal int LevelCount => _quantizer.LevelCount;

    /// <summary>The setting that is used where none is asked for.</summary>
    internal int DefaultLevel => _defaultLevel;

    /// <summary>Whether a picture is small enough to be taken.</summary>
    internal bool Takes(int width, int height) => PictureTensor.CountPixels(width, height, _encoder.Stride) <= MaxPixelCount;

    /// <summary>Compresses a picture at one of the quantiser's settings.</summary>
    internal byte[] CompressAtLevel(RgbImage image, int level, CancellationToken cancellationToken) =>
        CompressAtLevels(image, new CompressionOptions(), [level], cancellationToken).Single().File;

    /// <summary>A picture through encoder and decoder alone: the plain autoencoder, the best that any setting could give.</summary>
    internal RgbImage ReconstructWithoutQuantization(RgbImage image, CancellationToken cancellationToken = default)
    {
        TensorShape pictureShape = PictureTensor.Shape(image.Width, image.Height, _encoder.Stride);
        TensorShape latentShape = LatentShape(pictureShape);
        float[] tensor = new float[pictureShape.Length];
        float[] latent = new float[latentShape.Length];
        PictureTensor.FromImage(image, pictureShape, tensor);
        _encoder.Encode(tensor, pictureShape, latent, cancellationToken);
        _decoder.Decode(latent, latentShape, tensor, cancellationToken);
        return PictureTensor.ToImage(tensor, pictureShape, image.Width, image.Height);
    }
}
