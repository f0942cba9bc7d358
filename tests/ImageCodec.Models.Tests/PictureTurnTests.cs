using ImageCodec.Models.Compressor;
using ImageCodec.Models.Fitted;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Models.Tests.Fitted;

namespace ImageCodec.Models.Tests;

/// <summary>Pictures that lie before the codec in another way than before their viewer.</summary>
public sealed class PictureTurnTests
{
    private static readonly int[] s_codes = [.. Enumerable.Range(0, PictureTurn.Count)];

    [TestCaseSource(nameof(s_codes))]
    public void A_turn_is_what_the_format_says(int code)
    {
        foreach ((int width, int height) in new[] { (1, 1), (5, 3), (2, 7), (16, 16) })
        {
            RgbImage picture = TestPicture.Create(width, height);
            RgbImage seen = new PictureTurn(code).Apply(picture);
            Assert.That(Rows(seen), Is.EqualTo(Turn(Rows(picture), code)), $"{width}×{height}");
            Assert.That(new PictureTurn(code).Undo(seen).Pixels.SequenceEqual(picture.Pixels), Is.True, $"{width}×{height}");
        }
    }

    [Test]
    public void A_file_with_a_turn_gives_the_picture_as_it_lies([Range(1, PictureTurn.Count - 1)] int code)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("strided");
        RgbImage picture = TestPicture.Create(45, 22);
        RgbImage seen = new PictureTurn(code).Apply(picture);
        IcdFile plain = IcdFile.Read(compressor.Compress(seen));
        IcdBox turn = new(IcdBox.Turn, new[] { (byte)code });

        byte[] file = IcdFile.Encode(plain.Fingerprint, picture.Width, picture.Height, [new IcdBox(IcdBox.Grey, default), turn], plain.Body.Span);

        RgbImage expected = compressor.Decompress(IcdFile.Encode(plain.Fingerprint, seen.Width, seen.Height, [new IcdBox(IcdBox.Grey, default)], plain.Body.Span));
        RgbImage restored = compressor.Decompress(file);
        Assert.That((restored.Width, restored.Height, restored.IsGrey), Is.EqualTo((45, 22, true)));
        Assert.That(Turn(Rows(restored), code), Is.EqualTo(Rows(expected)));
    }

    [TestCase(new byte[] { })]
    [TestCase(new byte[] { 0 })]
    [TestCase(new byte[] { 8 })]
    [TestCase(new byte[] { 1, 0 })]
    public void A_box_of_a_turn_has_one_byte_from_1_to_7(byte[] payload)
    {
        using ImageCompressor compressor = ImageCompressor.LoadPretrained("strided");
        IcdFile plain = IcdFile.Read(compressor.Compress(TestPicture.Create(4, 4)));
        byte[] file = IcdFile.Encode(plain.Fingerprint, 4, 4, [new IcdBox(IcdBox.Turn, payload)], plain.Body.Span);
        Assert.That(() => compressor.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("turn"));
    }

    [TestCase(IcdBox.Turn)]
    [TestCase(IcdBox.Residual)]
    public void Files_of_fitted_have_no_such_box(int kind)
    {
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        byte[] body = new FittedSample(FittedLayout.Small, 21, 14, seed: 5).Write();
        byte[] file = IcdFile.Encode(fitted.Fingerprint, 21, 14, [new IcdBox(kind, new byte[] { 1 })], body);
        Assert.That(() => fitted.Decompress(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains("which no file of this codec has"));
    }

    /// <summary>Also beside alpha and residuals, for which the picture must lie as its viewer sees it.</summary>
    [Test]
    public void Effort_finds_a_turn_that_makes_files_smaller()
    {
        using ImageCompressor photo = ImageCompressor.LoadPretrained();
        int found = 0;
        foreach ((int width, int height) in new[] { (60, 35), (97, 130) })
        {
            RgbImage picture = DetailedPicture.Create(width, height);
            CompressionResult result = photo.CompressAndReconstruct(picture, new CompressionOptions { Level = 90, Effort = 4 });
            Assert.That(photo.Decompress(result.File).Pixels.SequenceEqual(result.Reconstruction.Pixels), Is.True);
            Assert.That(Cost(result), Is.LessThan(Cost(photo.CompressAndReconstruct(picture, new CompressionOptions { Level = 90, Effort = 3 }))));
            found += HasTurn(result.File) ? 1 : 0;

            Span<byte> alpha = picture.AddAlpha();
            for (int i = 0; i < alpha.Length; i++)
            {
                alpha[i] = (byte)(i % 251 + 4);
            }

            byte[] lossless = photo.Compress(picture, new CompressionOptions { MaxError = 0, Effort = 4 });
            RgbImage back = photo.Decompress(lossless);
            Assert.That(back.Pixels.SequenceEqual(picture.Pixels), Is.True);
            Assert.That(back.Alpha.SequenceEqual(picture.Alpha), Is.True);
            found += HasTurn(lossless) ? 1 : 0;

            double Cost(CompressionResult of) =>
                8.0 * of.File.Length + RateGains.Lambda(RateGains.RateOf(90)) * width * height * Metrics.Mse(picture, of.Reconstruction);
        }

        Assert.That(found, Is.GreaterThan(0), "no turn was ever better");
    }

    private static bool HasTurn(byte[] file) => ImageCompressor.Identify(file).Boxes.Any(box => box.Name == "turn");

    private static (byte, byte, byte)[][] Rows(RgbImage picture) =>
        [.. Enumerable.Range(0, picture.Height).Select(y => Enumerable.Range(0, picture.Width)
            .Select(x => (picture.GetRow(y)[3 * x], picture.GetRow(y)[3 * x + 1], picture.GetRow(y)[3 * x + 2])).ToArray())];

    private static T[][] Turn<T>(T[][] rows, int code)
    {
        rows = (code & 1) == 0 ? rows : [.. rows.Select(row => row.Reverse().ToArray())];
        rows = (code & 2) == 0 ? rows : [.. rows.Reverse()];
        return (code & 4) == 0 ? rows : [.. Enumerable.Range(0, rows[0].Length).Select(x => rows.Select(row => row[x]).ToArray())];
    }
}
