using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace ImageCodec.Evaluation.Tests;

[Platform(Script.Platforms)]
[UnsupportedOSPlatform("windows")]
public class EvaluationReportTests
{
    private const string OddName = "a \"quoted\", <b> & 'c'.png";

    private EvaluationResult _result = null!;

    /// <summary>Encoders that write more for higher settings, and decoders that give the picture back with its last rows black, fewer for more bytes.</summary>
    [OneTimeSetUp]
    public void Evaluate()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder scripts = new();
        using TestCodec codec = new();
        ImageFile.Write(folder.File(OddName), TestPictures.Create(24, 16, 1));
        ImageFile.Write(folder.File("z.png"), TestPictures.Create(24, 16, 2));
        File.WriteAllText(folder.File("broken.png"), "text");
        EvaluatedCodec[] codecs =
        [
            codec.Named("mine"),
            codec.Named("twin"),
            Script.CreateCodec(scripts, "head -c $((300 * $1)) $2 > $3", "cp $1 $2; head -c $((1165 - $(wc -c < $1))) /dev/zero >> $2", "jpeg"),
        ];
        EvaluationOptions options = new() { Folder = folder.Path, KeepPictures = true, PictureInterval = 1, MissingCodecs = [new SkippedItem("jxl", "not <here>.")] };
        _result = Evaluator.Run(options, codecs);
    }

    [Test]
    public void Json_has_stable_names()
    {
        using JsonDocument document = JsonDocument.Parse(_result.ToJson());
        JsonElement json = document.RootElement;
        Assert.That(
            Names(json),
            Is.EqualTo(new[]
            {
                "folder", "interval", "pictureCount", "skippedCount", "skippedPictures", "leftOutCodecs", "codecs", "bdRates", "matches", "pictures",
            }));
        Assert.That(json.GetProperty("pictureCount").GetInt32(), Is.EqualTo(2));
        Assert.That(json.GetProperty("skippedCount").GetInt32(), Is.EqualTo(1));
        Assert.That(Names(json.GetProperty("skippedPictures")[0]), Is.EqualTo(new[] { "file", "reason" }));
        Assert.That(json.GetProperty("leftOutCodecs")[0].GetProperty("codec").GetString(), Is.EqualTo("jxl"));

        string[] figures = ["bpp", "psnr", "msSsim", "ssimulacra2", "encodeSeconds", "decodeSeconds"];
        JsonElement mine = json.GetProperty("codecs")[0];
        Assert.That(
            Names(mine),
            Is.EqualTo(new[] { "name", "kind", "description", "settingName", "defaultLevel", "plainPsnr", "plainMsSsim", "plainSsimulacra2", "points" }));
        Assert.That(Names(mine.GetProperty("points")[0]), Is.EqualTo(figures.Prepend("setting")));
        Assert.That(mine.GetProperty("defaultLevel").GetInt32(), Is.EqualTo(TestCodec.DefaultLevel));
        Assert.That(json.GetProperty("codecs")[2].GetProperty("defaultLevel").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.GetProperty("codecs")[2].GetProperty("kind").GetString(), Is.EqualTo("classical"));
        Assert.That(json.GetProperty("codecs")[2].GetProperty("plainPsnr").ValueKind, Is.EqualTo(JsonValueKind.Null));

        JsonElement twins = json.GetProperty("bdRates")[0];
        Assert.That(Names(twins), Is.EqualTo(new[] { "codec", "anchor", "percent", "fromPsnr", "toPsnr", "problem", "byMsSsim", "bySsimulacra2" }));
        Assert.That(Names(twins.GetProperty("bySsimulacra2")), Is.EqualTo(new[] { "percent", "from", "to", "problem" }));
        JsonElement tooFew = json.GetProperty("bdRates").EnumerateArray().First(one => one.GetProperty("anchor").GetString() == "jpeg");
        Assert.That(tooFew.GetProperty("percent").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(tooFew.GetProperty("problem").GetString(), Does.Contain("at least 4 points").And.Not.Contain("Parameter"));

        Assert.That(Names(json.GetProperty("matches")[0]), Is.EqualTo((string[])["model", "modelBpp", "modelPsnr", "codec", .. figures]));
        JsonElement picture = json.GetProperty("pictures")[0];
        Assert.That(Names(picture), Is.EqualTo(new[] { "file", "width", "height", "plain", "measurements", "matches" }));
        Assert.That(picture.GetProperty("file").GetString(), Is.EqualTo(OddName));
        Assert.That(Names(picture.GetProperty("plain")[0]), Is.EqualTo(new[] { "model", "psnr", "msSsim", "ssimulacra2" }));
        Assert.That(Names(picture.GetProperty("measurements")[0]), Is.EqualTo((string[])["codec", "setting", "bytes", .. figures]));
        Assert.That(picture.GetProperty("measurements").GetArrayLength(), Is.EqualTo(8 + 8 + 3));
        Assert.That(Names(picture.GetProperty("matches")[0]), Is.EqualTo((string[])["model", "codec", "setting", "bytes", .. figures]));
    }

    [Test]
    public void Csv_has_a_line_for_each_measurement_of_each_picture()
    {
        string[] lines = Encoding.UTF8.GetString(_result.ToCsv()).Split("\r\n");
        Assert.That(lines[0], Is.EqualTo("file,width,height,codec,kind,model,setting,bytes,bpp,psnr,ms_ssim,ssimulacra2,encode_seconds,decode_seconds"));
        Assert.That(lines[^1], Is.Empty);

        // A plain one and eight levels of two models, three settings and two matches of the classical codec.
        Assert.That(lines, Has.Length.EqualTo(1 + 2 * (2 * 9 + 3 + 2) + 1));
        string quoted = "\"" + OddName.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        Assert.That(lines[1], Does.StartWith(quoted + ",24,16,mine,plain,mine,,,,").And.EndWith(",,"));
        string[] fields = lines[^2].Split(',');
        Assert.That(fields, Has.Length.EqualTo(14));
        Assert.That(fields[..6], Is.EqualTo(new[] { "z.png", "24", "16", "jpeg", "match", "twin" }));
        Assert.That(double.Parse(fields[9], CultureInfo.InvariantCulture), Is.InRange(3, 100));
    }

    [Test]
    public void The_page_is_sound_and_needs_nothing_beside_itself()
    {
        string html = Encoding.UTF8.GetString(_result.ToHtml());
        using XmlReader reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XDocument page = XDocument.Load(reader);
        Assert.That(html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), Does.Not.Contain("http").And.Not.Contain("url(").And.Not.Contain("@import"));
        string[] tags = [.. page.Descendants().Select(element => element.Name.LocalName).Distinct()];
        Assert.That(tags, Has.None.AnyOf("script", "link", "iframe", "object"));
        Assert.That(page.Descendants().Attributes("src").Select(source => source.Value[..22]), Is.All.EqualTo("data:image/png;base64,"));

        // Two pictures: the original, and for each of two models the plain, the quantised and the matched one.
        Assert.That(page.Descendants("figure").Count(), Is.EqualTo(2));
        Assert.That(page.Descendants("img").Count(), Is.EqualTo(2 * 7));
        XElement shown = page.Descendants("img").First();
        byte[] png = Convert.FromBase64String(shown.Attribute("src")!.Value["data:image/png;base64,".Length..]);
        Assert.That(ImageFile.Read(png).Pixels.ToArray(), Is.EqualTo(TestPictures.Create(24, 16, 1).Pixels.ToArray()));

        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.That(page.Descendants(svg + "svg").Count(), Is.EqualTo(3));
        Assert.That(page.Descendants(svg + "polyline").Count(), Is.EqualTo(3 * 3));
        string text = string.Join(' ', page.Descendants("body").Single().DescendantNodes().OfType<XText>().Select(node => node.Value));
        Assert.That(text, Does.Contain(OddName).And.Contain("not <here>.").And.Contain("broken.png").And.Contain("BD-rate").And.Contain("by SSIMULACRA2").And.Contain("jpeg at the nearest size"));
        Assert.That(text, Does.Contain("At the default level").And.Not.Contain("default setting"));
        Assert.That(text, Does.Match(@"\d+\.\d\d dB @ \d\.\d{3} bpp"));
    }

    /// <summary>The encoder writes 300 bytes for each step of its setting, the decoder gives back more of the picture for more bytes.</summary>
    [Test]
    public void A_curve_has_the_means_of_each_setting()
    {
        Assert.That(_result.CodecNames, Is.EqualTo(new[] { "mine", "twin", "jpeg" }));
        IReadOnlyList<RateDistortionPoint> curve = _result.GetCurve("jpeg");
        Assert.That(curve.Select(point => point.BitsPerPixel), Is.EqualTo(new[] { 300, 600, 900 }.Select(bytes => 8.0 * bytes / (24 * 16))).Within(1e-12));
        Assert.That(curve.Select(point => point.Psnr), Is.Ordered.And.All.InRange(3, Distortion.MaxPsnr));
        Assert.That(Metrics.BdRate(_result.GetCurve("mine"), _result.GetCurve("twin")), Is.EqualTo(0).Within(1e-9));
    }

    [Test]
    public void There_is_no_curve_of_a_codec_that_was_left_out()
    {
        Assert.That(() => _result.GetCurve("jxl"), Throws.ArgumentException.With.Message.Contains("not <here>."));
        Assert.That(() => _result.GetCurve("gif"), Throws.ArgumentException.With.Message.Contains("'gif'").And.Message.Contains("mine, twin, jpeg"));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
