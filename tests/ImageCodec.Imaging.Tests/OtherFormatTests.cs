using System.Text;

namespace ImageCodec.Imaging.Tests;

/// <summary>Files of formats that are not read are named for what they are.</summary>
public sealed class OtherFormatTests
{
    [TestCase("RIFF\u0010\0\0\0WEBPVP8 ", "WebP")]
    [TestCase("GIF89a\u0001\0\u0001\0", "GIF")]
    [TestCase("II*\0\u0008\0\0\0", "TIFF")]
    [TestCase("MM\0*\0\0\0\u0008", "TIFF")]
    [TestCase("BM\u0036\0\0\0\0\0\0\0\u0036\0\0\0\u0028\0\0\0\u0001", "BMP")]
    [TestCase("\0\0\0\u0020ftypavif\0\0\0\0", "AVIF")]
    [TestCase("\0\0\0\u0020ftypheic\0\0\0\0", "HEIC")]
    [TestCase("\0\0\0\u0020ftypmif1\0\0\0\0", "HEIC or AVIF")]
    [TestCase("\0\0\0\u0018ftypcrx \0\0\0\0", "CR3")]
    [TestCase("\0\0\0\u0018ftypisom\0\0\0\0", "video")]
    [TestCase("\u00FF\u000A\u00FA", "JPEG XL")]
    [TestCase("\0\0\0\u000CJXL \r\n\u0087\n", "JPEG XL")]
    [TestCase("\0\0\0\u000CjP  \r\n\u0087\n", "JPEG 2000")]
    [TestCase("\u00FF\u004F\u00FF\u0051", "JPEG 2000")]
    [TestCase("8BPS\0\u0001", "PSD")]
    [TestCase("\0\0\u0001\0\u0001\0", "ICO")]
    [TestCase("%PDF-1.7", "PDF")]
    [TestCase("<svg xmlns=''>", "SVG")]
    [TestCase("<?xml version='1.0'?>\n<!-- drawn -->\n<svg>", "SVG")]
    public void They_are_named_with_a_way_out(string file, string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(file);
        foreach (Action read in new Action[] { () => ImageFile.Read(bytes), () => ImageFile.Identify(bytes), () => ImageFile.Identify(new MemoryStream(bytes)) })
        {
            InvalidFileException e = Assert.Throws<InvalidFileException>(read);
            Assert.That(e.Message, Does.Contain(name).And.Contain("Convert it").And.Not.Contain("damaged"));
        }
    }

    [Test]
    public void A_compressed_picture_is_named() =>
        Assert.That(() => ImageFile.Read(IcdFile.Encode(default, 1, 1, [])), Throws.TypeOf<InvalidFileException>().With.Message.Contains(".icd").And.Message.Contains("ImageDecompressor"));

    [TestCase("BMW is a car")]
    [TestCase("<html><body>")]
    [TestCase("II")]
    public void Others_are_not_given_a_name(string text) =>
        Assert.That(() => ImageFile.Read(Encoding.ASCII.GetBytes(text)), Throws.TypeOf<InvalidFileException>().With.Message.Contains("begins with the bytes"));
}
