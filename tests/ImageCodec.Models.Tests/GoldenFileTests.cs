using ImageCodec.Models.Tests.Fitted;

namespace ImageCodec.Models.Tests;

/// <summary>Files that are out there must always decode, and to the same pixels.</summary>
public class GoldenFileTests
{
    [Test]
    public void Golden_files_decode_to_their_golden_pixels()
    {
        foreach (GoldenFile golden in GoldenFile.All)
        {
            using ImageCompressor compressor = ImageCompressor.LoadPretrained(golden.Model);
            Assert.That(GoldenFile.HashOf(compressor.Decompress(golden.Bytes)), Is.EqualTo(golden.Hash), golden.Model);
        }
    }

    [Test]
    public void The_plain_decoder_takes_those_of_fitted()
    {
        foreach (GoldenFile golden in GoldenFile.All.Where(golden => golden.Model == "fitted"))
        {
            IcdFile icd = IcdFile.Read(golden.Bytes);
            RgbImage image = new(icd.Width, icd.Height, new ReferenceDecoder(icd.Body.ToArray(), icd.Width, icd.Height, 0, FittedDecoderTests.Prior).Pixels);
            Assert.That(GoldenFile.HashOf(image), Is.EqualTo(golden.Hash), $"{icd.Width}×{icd.Height}");
        }
    }

    [Test]
    public void Every_pretrained_model_has_golden_files()
    {
        foreach (PretrainedModel model in PretrainedModel.All)
        {
            Assert.That(
                GoldenFile.All.Select(golden => golden.Model),
                Does.Contain(model.Name),
                $"Add these lines to Fixtures/golden-files.txt:\n{string.Join('\n', GoldenFile.MakeLines(model.Name))}\n");
        }
    }

    [Test]
    public void Every_card_has_the_fingerprint_of_its_weights()
    {
        foreach (PretrainedModel pretrained in PretrainedModel.All.Where(model => model.HasStages))
        {
            using Autoencoder model = pretrained.LoadModel(maxThreads: 1);
            Assert.That(pretrained.Fingerprint, Is.EqualTo(ModelWeights.Fingerprint(model.Network, pretrained.ReadWeights())), pretrained.Name);
        }
    }
}
