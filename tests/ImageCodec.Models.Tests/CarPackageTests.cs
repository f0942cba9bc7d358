namespace ImageCodec.Models.Tests;

/// <summary>The package of the models for cars, which this project references and no code of it names.</summary>
public class CarPackageTests
{
    [Test]
    public void Its_models_are_found_among_the_others() =>
        Assert.That(PretrainedModel.All.Select(model => model.Name), Is.EqualTo(new[] { "baseline", "fitted", "photo", "residual", "strided", "vae", "vae-spatial" }));

    /// <summary>So that whoever lacks it is told so, and of nothing else.</summary>
    [Test]
    public void The_models_that_are_known_without_it_are_those_it_has()
    {
        string[] resources = CarPackage.Assembly!.GetManifestResourceNames();
        Assert.That(
            CarPackage.Models.Select(known => (known.Key, known.Value)),
            Is.EquivalentTo(resources.Select(name => PretrainedModel.Get(name.Split('.')[^2])).Select(model => (model.Name, model.Fingerprint))));
        Assert.That(CarPackage.Assembly!.GetName().Name, Is.EqualTo(CarPackage.Name));
        Assert.That(CarPackage.Assembly!.GetExportedTypes(), Is.Empty);
    }
}
