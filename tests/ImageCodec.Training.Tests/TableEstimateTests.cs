using ImageCodec.Models;

namespace ImageCodec.Training.Tests;

public class TableEstimateTests
{
    [Test]
    public void Fitted_tables_make_smaller_files_for_the_same_error()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 2);
        RgbImage[] pictures = [.. Enumerable.Range(0, 6).Select(seed => TestPictures.Create(160, 120, seed))];
        HyperpriorTables fitted = TableEstimate.Of(model, pictures, maxThreads: 0);
        Assert.That(model.Network.Hyperprior!.Tables, Is.SameAs(HyperpriorTables.Normal), "the model keeps its own");

        double before = Cost(model, HyperpriorTables.Normal, pictures);
        double after = Cost(model, fitted, pictures);
        Assert.That(after, Is.LessThan(0.97 * before));
        Assert.That(fitted.Corrections, Is.All.InRange(-20, 20));
    }

    [Test]
    public void The_same_pictures_give_the_same_tables()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 2);
        RgbImage[] pictures = [TestPictures.Create(64, 64, 1)];
        Assert.That(TableEstimate.Of(model, pictures, maxThreads: 1).Corrections, Is.EqualTo(TableEstimate.Of(model, pictures, maxThreads: 2).Corrections));
    }

    /// <summary>Bits a pixel and the error at its price, over pictures and settings.</summary>
    private static double Cost(Autoencoder model, HyperpriorTables tables, RgbImage[] pictures)
    {
        model.Network.Hyperprior!.Tables = tables;
        using ImageCompressor compressor = ModelWeights.Load(model.ToWeightsFile(new Dictionary<string, string>()), maxThreads: 0);
        return pictures.Sum(picture => new[] { 40, 128, 220 }.Sum(level =>
        {
            CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = level });
            return result.BitsPerPixel + Hyperprior.Lambda(HyperpriorLatentCodec.RateOf(level)) * Metrics.Mse(picture, result.Reconstruction);
        }));
    }
}
