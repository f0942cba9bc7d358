namespace ImageCodec.Models.Tests;

/// <summary>The packages of weights, which this project references and no code of it names.</summary>
public class WeightsPackageTests
{
    [Test]
    public void Their_models_are_found_among_the_others() => Assert.That(
        PretrainedModel.All.Select(model => model.Name),
        Is.EqualTo(new[] { "baseline", "fitted", "photo", "photo-visual", "residual", "strided", "vae", "vae-spatial" }));

    /// <summary>So that whoever lacks one is told so, and of nothing else.</summary>
    [TestCase(0, "ImageCodec.Models.Cars")]
    [TestCase(1, "ImageCodec.Models.Visual")]
    public void The_models_that_are_known_without_it_are_those_it_has(int index, string name)
    {
        WeightsPackage package = WeightsPackage.All[index];
        string[] resources = package.Assembly!.GetManifestResourceNames();

        Assert.That(
            package.Models.Select(known => (known.Key, known.Value)),
            Is.EquivalentTo(resources.Select(name => PretrainedModel.Get(name.Split('.')[^2])).Select(model => (model.Name, model.Fingerprint))));
        Assert.That((package.Name, package.Assembly!.GetName().Name), Is.EqualTo((name, name)));
        Assert.That(package.Assembly!.GetExportedTypes(), Is.Empty);
    }
}
