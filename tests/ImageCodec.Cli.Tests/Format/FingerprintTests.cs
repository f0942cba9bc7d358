namespace ImageCodec.Cli.Tests.Format;

/// <summary>The fingerprints of weights are those of the rule in docs/format.md, computed here with nothing of the library's.</summary>
internal sealed class FingerprintTests
{
    private static IEnumerable<string> Models => PretrainedModel.All.Select(model => model.Name);

    [TestCaseSource(nameof(Models))]
    public void A_models_fingerprint_is_the_documented_one(string name)
    {
        SafetensorsFile file = SafetensorsFile.Read(Samples.WeightsFile(name));
        string architecture = file.Metadata["architecture"];
        PretrainedModel model = PretrainedModel.All.Single(model => model.Name == name);
        string[] row = FormatDocument.Instance.Rows("The fingerprint", "model", "text", "fingerprint").Single(row => row[0] == $"`{name}`");

        string fingerprint = FingerprintRule.Compute(file);

        Assert.That(file.Names, Is.EquivalentTo(FingerprintRule.Parameters(architecture).Concat(FingerprintRule.Fitted(architecture))));
        Assert.That(model.Fingerprint.ToString(), Is.EqualTo(fingerprint));
        Assert.That(model.Card["fingerprint"], Is.EqualTo(fingerprint));
        Assert.That(file.Metadata["fingerprint"], Is.EqualTo(fingerprint));
        Assert.That(FingerprintRule.Text(file), Is.EqualTo(FormatDocument.Quoted(row[1])[0]));
        Assert.That(FormatDocument.ParseBytes(FormatDocument.Quoted(row[2])[0]), Is.EqualTo(Convert.FromHexString(fingerprint)));
    }

    [Test]
    public void The_document_lists_the_models_there_are() => Assert.That(
        FormatDocument.Instance.Rows("The fingerprint", "model", "text", "fingerprint").Select(row => row[0].Trim('`')), Is.EquivalentTo(Models));

    [Test]
    public void The_entropy_coder_is_hashed()
    {
        string unnamed = Check("strided", file => file.Metadata.Remove("entropy_coder"));
        string adaptive = Check("strided", file => file.Metadata["entropy_coder"] = "adaptive");
        string context = Check("strided", file => file.Metadata["entropy_coder"] = "context");
        Assert.That(unnamed, Is.EqualTo(adaptive).And.Not.EqualTo(context));
    }

    [Test]
    public void What_is_missing_beside_the_parameters_is_hashed_as_documented()
    {
        Assert.That(Check("vae-spatial", RemovePrior), Is.Not.EqualTo(Check("vae-spatial", _ => { })));
        Assert.That(Check("photo", file => file.Remove("table_corrections")), Is.Not.EqualTo(Check("photo", _ => { })));

        static void RemovePrior(SafetensorsFile file)
        {
            file.Remove("prior.deviation");
            file.Remove("prior.tolerance");
        }
    }

    [TestCase("prior.deviation")]
    [TestCase("prior.tolerance")]
    public void Half_a_prior_is_refused(string missing)
    {
        using Workplace workplace = new();
        SafetensorsFile file = SafetensorsFile.Read(Samples.WeightsFile("vae-spatial"));
        file.Remove(missing);
        string path = workplace.Put("half.safetensors", file.ToBytes());
        Assert.That(() => ImageCompressor.Load(path), Throws.TypeOf<InvalidFileException>());
    }

    /// <summary>Changes a model's weights file, and asserts that the library gives it the fingerprint of the rule.</summary>
    /// <returns>The fingerprint.</returns>
    private static string Check(string model, Action<SafetensorsFile> change)
    {
        using Workplace workplace = new();
        SafetensorsFile file = SafetensorsFile.Read(Samples.WeightsFile(model));
        change(file);
        using ImageCompressor compressor = ImageCompressor.Load(workplace.Put("changed.safetensors", file.ToBytes()));
        string fingerprint = FingerprintRule.Compute(file);
        Assert.That(compressor.Fingerprint.ToString(), Is.EqualTo(fingerprint));
        return fingerprint;
    }
}
