using System.Text.Json;

namespace ImageCodec.Cli.Tests;

/// <summary>The names in JSON output, which programs rely on.</summary>
internal sealed class JsonTests
{
    [Test]
    public void Inspect_has_stable_names()
    {
        using Workplace work = new();
        string file = work.Put("é.icd", IcdFile.Encode(new CodecFingerprint(0xABCDEF), 300, 2, [1, 2, 3]));
        JsonElement json = JsonDocument.Parse(CommandRun.Here("inspect", file, "--json").Succeeded().Output).RootElement;
        Assert.That(
            json.EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "file", "version", "codec", "model", "width", "height", "bytes", "bpp", "boxes" }));
        Assert.That(json.GetProperty("file").GetString(), Is.EqualTo(file));
        Assert.That(json.GetProperty("version").GetInt32(), Is.EqualTo(1));
        Assert.That(json.GetProperty("codec").GetString(), Is.EqualTo("abcdef"));
        Assert.That(json.GetProperty("width").GetInt32(), Is.EqualTo(300));
        Assert.That(json.GetProperty("bytes").GetInt32(), Is.EqualTo(14));
        Assert.That(json.GetProperty("bpp").GetDouble(), Is.EqualTo(8 * 14 / 600.0).Within(1e-12));
    }

    [Test]
    public void Inspect_of_a_picture_has_stable_names()
    {
        using Workplace work = new();
        string file = work.Put("a.png", Samples.Picture(24, 16));
        JsonElement json = JsonDocument.Parse(CommandRun.Here("inspect", file, "--json").Succeeded().Output).RootElement;
        Assert.That(json.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "file", "format", "width", "height", "bytes" }));
        Assert.That((json.GetProperty("format").GetString(), json.GetProperty("width").GetInt32(), json.GetProperty("height").GetInt32()), Is.EqualTo(("PNG", 24, 16)));
        Assert.That(json.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(file).Length));

        string[] lines = CommandRun.Here("inspect", file).Succeeded().Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..3], Is.EqualTo(new[] { "format   PNG", "width    24", "height   16" }));
    }

    [Test]
    public void Models_has_stable_names()
    {
        JsonElement[] models = [.. JsonDocument.Parse(CommandRun.Here("models", "--json").Succeeded().Output).RootElement.EnumerateArray()];
        Assert.That(models.Select(model => model.GetProperty("name").GetString()), Is.EqualTo(PretrainedModel.All.Select(model => model.Name)));
        JsonElement strided = models.Single(model => model.GetProperty("name").GetString() == "strided");
        Assert.That(models.Single(model => model.GetProperty("isDefault").GetBoolean()).GetProperty("name").GetString(), Is.EqualTo(PretrainedModel.DefaultName));
        Assert.That(
            strided.EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[]
            {
                "name", "isDefault", "codec", "architecture", "parameters", "encoderKmacPerPixel", "decoderKmacPerPixel", "levelCount", "defaultLevel", "card",
            }));
        Assert.That(strided.GetProperty("parameters").GetInt32(), Is.EqualTo(251_987));
        double operations = strided.GetProperty("encoderKmacPerPixel").GetDouble() + strided.GetProperty("decoderKmacPerPixel").GetDouble();
        Assert.That(operations * 1000 * 128 * 128 / 1e6, Is.EqualTo(366).Within(0.5), "MMAC of a picture of 128×128");
        Assert.That(strided.GetProperty("card").GetProperty("architecture").GetString(), Is.EqualTo("strided"));
    }

    [Test]
    public void Models_for_people_names_them_too() =>
        Assert.That(CommandRun.Here("models").Succeeded().Output, Does.Contain($"{PretrainedModel.DefaultName} (default)").And.Contain("strided").And.Contain("251,987").And.Contain("kMAC"));
}
