using System.Runtime.Versioning;

namespace ImageCodec.Evaluation.Tests;

public class ClassicalCodecTests
{
    private static IReadOnlyList<string> Names => ClassicalCodecs.Names;

    [TestCaseSource(nameof(Names))]
    public void A_real_codec_gets_better_with_larger_files_and_hits_a_size(string name)
    {
        if (!ClassicalCodecs.TryFind(name, out EvaluatedCodec? found, out string? problem))
        {
            Assert.Ignore($"{name}: {problem}");
            return;
        }

        ClassicalCodec codec = (ClassicalCodec)found;
        Assert.That(codec.Name, Is.EqualTo(name));
        Assert.That(problem, Is.Null);
        using ScratchFolder scratch = new();
        SourcePicture picture = new(TestPictures.Create(96, 64, 5), scratch);
        Measurement[] curve = [.. codec.Settings.Select(setting => codec.Run(picture, setting, default).Measurement)];
        Assert.That(curve.Select(one => one.Bytes), Is.Ordered);
        Assert.That(curve[^1].Distortion.Psnr, Is.GreaterThan(curve[0].Distortion.Psnr + 3).And.GreaterThan(30));
        Assert.That(curve[^1].Distortion.MsSsim, Is.InRange(curve[0].Distortion.MsSsim, 1));
        Assert.That(curve[0].BitsPerPixel, Is.EqualTo(8.0 * curve[0].Bytes / (96 * 64)).Within(1e-12));
        Assert.That(curve.Select(one => one.EncodeSeconds).Concat(curve.Select(one => one.DecodeSeconds)), Is.All.GreaterThan(0));
        Assert.That(codec.Description, Does.Match(@"^\w+ \d+\.\d+.*: "));

        double target = (curve[0].BitsPerPixel + 2 * curve[^1].BitsPerPixel) / 3;
        Measurement match = codec.Match(picture, curve, target, default);
        double nearestOfCurve = curve.Min(one => Math.Abs(one.BitsPerPixel - target));
        Assert.That(Math.Abs(match.BitsPerPixel - target), Is.LessThanOrEqualTo(nearestOfCurve).And.LessThan(0.2 * target));
        Assert.That(codec.Match(picture, curve, 1e-6, default), Is.EqualTo(curve[0]));
        Assert.That(codec.Match(picture, curve, 1e6, default), Is.EqualTo(curve[^1]));
    }

    [Test]
    public void One_that_is_not_installed_is_named_with_its_package()
    {
        ClassicalFormat format = Format("no-such-encoder", "no-such-decoder");
        Assert.That(ClassicalCodecs.TryFind(format, out EvaluatedCodec? codec, out string? problem), Is.False);
        Assert.That(codec, Is.Null);
        Assert.That(problem, Is.EqualTo("the command 'no-such-encoder' is not installed; the Debian package none-tools has it."));
    }

    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void One_whose_commands_are_installed_is_found_and_one_with_half_of_them_is_not()
    {
        Assert.That(ClassicalCodecs.TryFind(Format("cp", "mv"), out EvaluatedCodec? codec, out string? problem));
        Assert.That(codec?.Name, Is.EqualTo("none"));
        Assert.That(problem, Is.Null);
        Assert.That(ClassicalCodecs.TryFind(Format("cp", "no-such-decoder"), out codec, out problem), Is.False);
        Assert.That(codec, Is.Null);
        Assert.That(problem, Does.Contain("'no-such-decoder'"));
    }

    [Test]
    public void One_that_there_is_not_is_a_problem_that_names_those_there_are()
    {
        Assert.That(ClassicalCodecs.TryFind("gif", out EvaluatedCodec? codec, out string? problem), Is.False);
        Assert.That(codec, Is.Null);
        Assert.That(problem, Does.Contain("'gif'").And.Contain("jpeg, webp, avif, jxl, jp2"));
        Assert.That(() => ClassicalCodecs.TryFind((string)null!, out _, out _), Throws.ArgumentNullException);
    }

    [TestCase("cp $2 $3", "cp $1 $2", null)]
    [TestCase("true", "cp $1 $2", "'fake-enc' ended well, but wrote no file.")]
    [TestCase("cp $2 $3", "true", "'fake-dec' ended well, but wrote no file.")]
    [TestCase("cp $2 $3", "echo no picture > $2", "'fake-dec' wrote a picture that can't be read: Picture, byte 0: ")]
    [TestCase("cp $2 $3", "printf 'P6 1 1 255\\nabc' > $2", "'fake-dec' gave 1×1 pixels for a picture of 20×10.")]
    [TestCase("echo broken >&2; exit 2", "cp $1 $2", "'fake-enc' failed with exit code 2: broken")]
    [TestCase("cp $2 $3", "exit 3", "'fake-dec' failed with exit code 3.")]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void What_the_commands_do_wrong_is_said(string encoder, string decoder, string? problem)
    {
        using TemporaryFolder folder = new();
        using ScratchFolder scratch = new();
        SourcePicture picture = new(TestPictures.Create(20, 10, 5), scratch);
        ClassicalCodec codec = Script.CreateCodec(folder, encoder, decoder);
        if (problem is null)
        {
            Measurement measurement = codec.Run(picture, 1, default).Measurement;
            Assert.That(measurement.Distortion, Is.EqualTo(new Distortion(Distortion.MaxPsnr, 1, 100)), "exact");
            Assert.That(measurement.Bytes, Is.EqualTo(new FileInfo(picture.As(ImageFileFormat.Ppm)).Length));
        }
        else
        {
            Assert.That(
                () => codec.Run(picture, 1, default),
                Throws.InstanceOf<CodecFailedException>().With.Message.StartsWith(problem));
        }
    }

    /// <summary>The files of one setting must not be taken for those of the next.</summary>
    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void An_older_file_does_not_count()
    {
        using TemporaryFolder folder = new();
        using ScratchFolder scratch = new();
        SourcePicture picture = new(TestPictures.Create(20, 10, 5), scratch);
        ClassicalCodec codec = Script.CreateCodec(folder, "test $1 = 1 && cp $2 $3; true", "cp $1 $2");
        codec.Run(picture, 1, default);
        Assert.That(() => codec.Run(picture, 2, default), Throws.InstanceOf<CodecFailedException>().With.Message.Contains("wrote no file"));
    }

    [Test]
    [Platform(Script.Platforms)]
    [UnsupportedOSPlatform("windows")]
    public void A_picture_that_is_too_long_is_refused()
    {
        using TemporaryFolder folder = new();
        ClassicalCodec codec = Script.CreateCodec(folder, "", "");
        Assert.That(codec.Refuse(new RgbImage(65_500, 1)), Is.Null);
        Assert.That(codec.Refuse(new RgbImage(1, 65_501)), Does.Contain("1×65501").And.Contain("65500"));
    }

    private static ClassicalFormat Format(string encoder, string decoder) => new()
    {
        Name = "none",
        Encoder = encoder,
        Decoder = decoder,
        Package = "none-tools",
        VersionArgument = "-v",
        Extension = ".none",
        EncoderArguments = "",
        DecoderArguments = "",
        SettingName = "quality",
        Settings = [1],
    };
}
