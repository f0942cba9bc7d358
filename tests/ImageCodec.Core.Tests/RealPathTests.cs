namespace ImageCodec.Core.Tests;

[Platform("Linux,MacOsX")]
public class RealPathTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = RealPath.Of(Directory.CreateTempSubdirectory("imagecodec-real-").FullName);

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Links_are_followed_wherever_they_are_in_a_path()
    {
        Directory.CreateDirectory(In("a/b"));
        File.WriteAllText(In("a/b/file"), "");
        Directory.CreateSymbolicLink(In("short"), "a/b");
        Directory.CreateSymbolicLink(In("a/up"), "..");
        File.CreateSymbolicLink(In("twice"), "a/up/short/file");

        Assert.Multiple(() =>
        {
            Assert.That(RealPath.Of(In("short/file")), Is.EqualTo(In("a/b/file")));
            Assert.That(RealPath.Of(In("a/up/a/up/short")), Is.EqualTo(In("a/b")));
            Assert.That(RealPath.Of(In("twice")), Is.EqualTo(In("a/b/file")));
            Assert.That(RealPath.Of(In("a/b/../none/more")), Is.EqualTo(In("a/none/more")));
            Assert.That(RealPath.Of("/"), Is.EqualTo("/"));
        });
    }

    [Test]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(In("one"), "two");
        File.CreateSymbolicLink(In("two"), "one");
        Assert.That(() => RealPath.Of(In("one")), Throws.InstanceOf<IOException>().With.Message.Contains("circle"));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
