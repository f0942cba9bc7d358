using ImageCodec.Models;
using ImageCodec.Models.Hyperpriors;

namespace ImageCodec.Training.Tests;

public class TableEstimateTests
{
    [Test]
    public void Fitted_tables_make_smaller_files_for_the_same_error()
    {
        using Autoencoder model = ModelFactory.CreateHyperprior(seed: 2);
        RgbImage[] pictures = [.. Enumerable.Range(0, 6).Select(seed => TestPictures.Create(160, 120, seed))];
        HyperpriorTables fitted = TableEstimate.Of(Network(model), model, pictures);
        Assert.That(Network(model).EntropyModel.Tables, Is.SameAs(HyperpriorTables.Normal), "the model keeps its own");

        double before = Cost(model, HyperpriorTables.Normal, pictures);
        double after = Cost(model, fitted, pictures);
        Assert.That(after, Is.LessThan(0.97 * before));
        Assert.That(fitted.Corrections, Is.All.InRange(-20, 20));
    }

    [Test]
    public void The_same_pictures_give_the_same_tables()
    {
        RgbImage[] pictures = [TestPictures.Create(64, 64, 1)];
        float[][] corrections = [.. new[] { 1, 2 }.Select(threads =>
        {
            using Autoencoder model = ModelFactory.CreateHyperprior(seed: 2, threads);
            return TableEstimate.Of(Network(model), model, pictures).Corrections;
        })];
        Assert.That(corrections[1], Is.EqualTo(corrections[0]));
    }

    private static HyperpriorNetwork Network(Autoencoder model) => (HyperpriorNetwork)model.Network;

    /// <summary>Bits a pixel and the error at its price, over pictures and levels.</summary>
    private static double Cost(Autoencoder model, HyperpriorTables tables, RgbImage[] pictures)
    {
        Network(model).EntropyModel.Tables = tables;
        using ImageCompressor compressor = ModelWeights.Load(model.Network.ToWeightsFile(new Dictionary<string, string>()), maxThreads: 0);
        return pictures.Sum(picture => new[] { 40, 128, 220 }.Sum(level =>
        {
            CompressionResult result = compressor.CompressAndReconstruct(picture, new CompressionOptions { Level = level });
            return result.BitsPerPixel + RateGains.Lambda(RateGains.RateOf(level)) * Metrics.Mse(picture, result.Reconstruction);
        }));
    }
}
