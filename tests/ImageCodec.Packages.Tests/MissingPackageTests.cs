namespace ImageCodec.Packages.Tests;

/// <summary>What is told of models whose package is not referenced, as it is not here.</summary>
public class MissingPackageTests
{
    private const string Cars = "ImageCodec.Models.Cars";
    private const string Visual = "ImageCodec.Models.Visual";

    private static readonly string[] Fixture = File.ReadAllLines(Repository.At("tests", "ImageCodec.Models.Tests", "Fixtures", "golden-files.txt"));

    [TestCase("baseline", Cars)]
    [TestCase("residual", Cars)]
    [TestCase("strided", Cars)]
    [TestCase("vae", Cars)]
    [TestCase("vae-spatial", Cars)]
    [TestCase("photo-visual", Visual)]
    public void The_package_is_named_when_a_model_or_a_file_asks_for_it(string model, string package)
    {
        byte[] file = Convert.FromBase64String(Fixture.First(line => line.StartsWith(model + " ", StringComparison.Ordinal)).Split(' ')[1]);
        using ImageCompressor photo = ImageCompressor.LoadPretrained();

        Assert.That(() => PretrainedModel.Get(model), Throws.ArgumentException.With.Message.Contains(package));
        Assert.That(() => ImageCompressor.LoadPretrained(model), Throws.ArgumentException.With.Message.Contains(package));
        Assert.That(() => photo.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains(package).And.Message.Contains($"«{model}»"));
        Assert.That(() => ImageDecompressor.Shared.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains(package).And.Message.Contains($"«{model}»"));

        IcdInfo info = ImageCompressor.Identify(file);
        Assert.That((info.ModelName, PretrainedModel.Find(info.Fingerprint)), Is.EqualTo(((string?)null, (PretrainedModel?)null)));
    }

    [Test]
    public void Models_that_nobody_knows_are_of_no_package() =>
        Assert.That(() => PretrainedModel.Get("none"), Throws.ArgumentException.With.Message.Contains("fitted, photo").And.Message.Not.Contains(Cars).And.Message.Not.Contains(Visual));
}
