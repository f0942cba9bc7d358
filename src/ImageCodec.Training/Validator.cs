using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>Measures a model on pictures it was not trained on, with real files.</summary>
internal static class Validator
{
    /// <summary>Rates of a hyperprior model that are measured, as shares of its range of settings.</summary>
    private static readonly double[] HyperpriorSettings = [0.5, 0.15, 0.85];

    public static ValidationResult Run(Autoencoder model, IReadOnlyList<RgbImage> pictures, TrainingOptions options, int epoch) =>
        model.Network.Hyperprior is { } hyperprior
            ? RunHyperprior(model, new HyperpriorLatentCodec(hyperprior, model.Workspace, options.MaxThreads), pictures, epoch)
            : RunSymbols(model, pictures, options, epoch);

    private static ValidationResult RunSymbols(Autoencoder model, IReadOnlyList<RgbImage> pictures, TrainingOptions options, int epoch)
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

    /// <summary>The cost is the loss's, over a few rates; the other figures are those of the middle one.</summary>
    private static ValidationResult RunHyperprior(
        Autoencoder model, HyperpriorLatentCodec codec, IReadOnlyList<RgbImage> pictures, int epoch)
    {
        ImageCompressor compressor = new(model.Encoder, model.Decoder, codec, default, 0);
        double cost = 0;
        double plain = 0;
        double psnr = 0;
        double bits = 0;
        foreach (RgbImage picture in pictures)
        {
            plain += Metrics.Psnr(picture, compressor.ReconstructWithoutQuantization(picture));
            foreach (double setting in HyperpriorSettings)
            {
                int level = 1 + (int)Math.Round(setting * (codec.LevelCount - 1));
                double rate = HyperpriorLatentCodec.RateOf(level);
                CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = level });
                cost += HyperpriorLoss.Weight(rate) * (result.BitsPerPixel + Hyperprior.Lambda(rate) * Metrics.Mse(picture, result.Reconstruction));
                if (setting == HyperpriorSettings[0])
                {
                    psnr += result.Psnr;
                    bits += result.BitsPerPixel;
                }
            }
        }

        int count = pictures.Count;
        return new ValidationResult(epoch, plain / count, psnr / count, bits / count, cost / (count * HyperpriorSettings.Length));
    }
}
