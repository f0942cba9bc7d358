using ImageCodec.Models;
using ImageCodec.Models.Compressor;

namespace ImageCodec.Training;

/// <summary>Measures a model on pictures it was not trained on, with real files.</summary>
internal static class Validator
{
    /// <summary>Compresses and restores every picture. The cost is the loss's, over all levels; the other figures are those of the first.</summary>
    public static ValidationResult Run(Autoencoder model, IReadOnlyList<RgbImage> pictures, TrainingOptions options, int epoch)
    {
        IReadOnlyList<ValidationLevel> levels = model.Network.ValidationLevels(options.Loss(1, options.BatchSize));
        ImageCompressor compressor = new(new TransformCodec(model), default);
        double plain = 0;
        double psnr = 0;
        double rate = 0;
        double cost = 0;
        foreach (RgbImage picture in pictures)
        {
            plain += Metrics.Psnr(picture, compressor.ReconstructWithoutQuantization(picture, levels[0].Level)!);
            foreach (ValidationLevel level in levels)
            {
                CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = level.Level });
                cost += level.Weight * (result.BitsPerPixel + level.Lambda * Metrics.Mse(picture, result.Reconstruction));
                if (level == levels[0])
                {
                    psnr += result.Psnr;
                    rate += result.BitsPerPixel;
                }
            }
        }

        int count = pictures.Count;
        return new ValidationResult(epoch, plain / count, psnr / count, rate / count, cost / (count * levels.Count));
    }
}
