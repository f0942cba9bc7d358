using ImageCodec.Entropy;
using ImageCodec.Models;

namespace ImageCodec.Training;

/// <summary>Measures a model on pictures it was not trained on, with real files.</summary>
internal static class Validator
{
    /// <summary>Rates of a hyperprior model that are measured, as shares of its range of settings; the first gives the figures beside the cost.</summary>
    private static readonly double[] HyperpriorShares = [0.5, 0.15, 0.85];

    /// <summary>Compresses and restores every picture. The cost is the loss's, over all settings; the other figures are those of the first.</summary>
    public static ValidationResult Run(Autoencoder model, IReadOnlyList<RgbImage> pictures, TrainingOptions options, int epoch)
    {
        (ILatentCodec codec, Setting[] settings) = model switch
        {
            { Network.Hyperprior: { } hyperprior } => HyperpriorSettings(new HyperpriorLatentCodec(hyperprior, model.Workspace, options.MaxThreads)),
            { Prior: { } prior } => (new GaussianLatentCodec(prior), [new Setting(GaussianLatentCodec.MatchedLevel, options.Lambda, 1)]),
            _ => (new SymbolLatentCodec(new UniformQuantizer(), ContextCoder.Instance), [new Setting(options.Bits, options.Lambda, 1)]),
        };
        ImageCompressor compressor = new(model.Encoder, model.Decoder, codec, default, settings[0].Level);
        double plain = 0;
        double psnr = 0;
        double rate = 0;
        double cost = 0;
        foreach (RgbImage picture in pictures)
        {
            plain += Metrics.Psnr(picture, compressor.ReconstructWithoutQuantization(picture));
            foreach (Setting setting in settings)
            {
                CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = setting.Level });
                cost += setting.Weight * (result.BitsPerPixel + setting.Lambda * Metrics.Mse(picture, result.Reconstruction));
                if (setting == settings[0])
                {
                    psnr += result.Psnr;
                    rate += result.BitsPerPixel;
                }
            }
        }

        int count = pictures.Count;
        return new ValidationResult(epoch, plain / count, psnr / count, rate / count, cost / (count * settings.Length));
    }

    private static (ILatentCodec Codec, Setting[] Settings) HyperpriorSettings(HyperpriorLatentCodec codec) => (codec,
    [
        .. from share in HyperpriorShares
           let level = 1 + (int)Math.Round(share * (codec.LevelCount - 1))
           let rate = HyperpriorLatentCodec.RateOf(level)
           select new Setting(level, Hyperprior.Lambda(rate), HyperpriorLoss.Weight(rate)),
    ]);

    /// <summary>A rate setting, the price of distortion there, and what its cost counts.</summary>
    private sealed record Setting(int Level, double Lambda, double Weight);
}
