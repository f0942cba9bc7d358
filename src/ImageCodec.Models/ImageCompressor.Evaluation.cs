using ImageCodec.Models;

namespace ImageCodec;

/// <content>What measuring a codec needs beside using it.</content>
public sealed partial class ImageCompressor
{
    /// <summary>The number of rate settings.</summary>
    internal int LevelCount => _latentCodec.LevelCount;

    /// <summary>The setting that is used where none is asked for.</summary>
    internal int DefaultLevel => _defaultLevel;

    /// <summary>Whether a picture is small enough to be taken.</summary>
    internal bool Takes(int width, int height) => PictureTensor.CountPixels(width, height, _encoder.Stride) <= MaxPixelCount;

    /// <summary>A picture through encoder and decoder alone: the plain autoencoder, the best that any setting could give.</summary>
    internal RgbImage ReconstructWithoutQuantization(RgbImage image, CancellationToken cancellationToken = default)
    {
        TensorShape latentShape = TransformArguments.LatentShape(_encoder, PictureTensor.Shape(image.Width, image.Height, _encoder.Stride));
        float[] latent = new float[latentShape.Length];
        Analyse(image, latent, null, cancellationToken);
        _latentCodec.PassThrough(latent, latentShape, _defaultLevel);
        return Synthesise(latent, latentShape, image.Width, image.Height, null, cancellationToken);
    }
}
