using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>Measures a model on pictures it was not trained on, with real files.</summary>
internal static class Validator
{
    public static ValidationResult Run(Autoencoder model, IReadOnlyList<RgbImage> pictures, TrainingOptions options, int epoch)
    {
        (ILatentCodec latentCodec, int level) = model.Prior is { } prior
            ? (new GaussianLatentCodec(prior), GaussianLatentCodec.MatchedLevel)
            : ((ILatentCodec)new SymbolLatentCodec(new UniformQuantizer(), Entropy.ContextCoder.Instance), options.Bits);
        ImageCompressor compressor = new(model.Encoder, model.Decoder, latentCodec, default, level);
        double plain = 0;
        double psnr = 0;
        double rate = 0;
        double cost = 0;
        foreach (RgbImage picture in pictures)
        {
            CompressionResult result = compressor.CompressAndReconstruct(picture);
            plain += Metrics.Psnr(picture, compressor.ReconstructWithoutQuantization(picture));
            psnr += result.Psnr;
            rate += result.BitsPerPixel;
            cost += result.BitsPerPixel + options.Lambda * Metrics.Mse(picture, result.Reconstruction);
        }

        int count = pictures.Count;
        return new ValidationResult(epoch, plain / count, psnr / count, rate / count, cost / count);
    }
}
