using System.Diagnostics;

namespace ImageCodec.Imaging.Tests;

/// <summary>The rule by which folders are walked.</summary>
public class FolderFilesTests
{
    private static readonly byte[] s_png = ImageFile.Encode(new RgbImage(2, 1), ImageFileFormat.Png);
    private static readonly byte[] s_jpeg = ImageFile.Encode(new RgbImage(2, 1), ImageFileFormat.Jpeg);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("imagecodec-walk-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Pictures_are_found_by_what_they_are_in_ordinal_order_of_relative_paths()
    {
        Put("b.png", s_png);
        Put("a.jfif", s_jpeg);
        Put("a/z", s_png);
        Put("B.JPE", s_jpeg);
        Put("text.txt", "P5 is a name, P6 another"u8);
        Put("more/list.png.txt", "no picture"u8);

        FolderFiles found = Find();

        Assert.That(found.Files.Select(file => file.RelativePath), Is.EqualTo(new[] { "B.JPE", "a.jfif", Path.Combine("a", "z"), "b.png" }));
        Assert.That(found.Files.Select(file => file.Path), Is.EqualTo(found.Files.Select(file => Path.Combine(_folder, file.RelativePath))));
        Assert.That(Reasons(found), Is.EqualTo(new[] { (Path.Combine("more", "list.png.txt"), "is no picture.", false), ("text.txt", "is no picture.", false) }));
    }

    [Test]
    public void What_is_called_a_picture_is_taken_so_that_whoever_reads_it_says_what_is_wrong()
    {
        Put("broken.jpg", [1, 2, 3]);
        Assert.That(Find().Files.Select(file => file.RelativePath), Is.EqualTo(new[] { "broken.jpg" }));
    }

    [Test]
    public void Photos_of_formats_that_are_not_read_are_taken_too_and_drawings_and_videos_are_not()
    {
        Put("a", [.. "\0\0\0\u001cftypheic"u8, .. new byte[20]]);
        Put("b.tif", [.. "II*\0"u8, .. new byte[20]]);
        Put("c.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8);
        Put("d.mov", [.. "\0\0\0\u001cftypqt  "u8, .. new byte[20]]);
        Put("e.pam", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nx"u8);
        FolderFiles found = Find();
        Assert.That(found.Files.Select(file => file.RelativePath), Is.EqualTo(new[] { "a", "b.tif", "e.pam" }));
        Assert.That(found.LeftOut.Select(file => (Path.GetFileName(file.Path), file.IsFault)), Is.EqualTo(new[] { ("c.svg", false), ("d.mov", false) }));
    }

    [Test]
    public void What_is_hidden_is_not_looked_at()
    {
        Put("._a.png", s_png);
        Put(".hidden/b.png", s_png);
        Put("a.png", s_png);
        FolderFiles found = Find();
        Assert.That((found.Files.Single().RelativePath, found.LeftOut.Count), Is.EqualTo(("a.png", 0)));
    }

    [Test]
    public void An_empty_picture_is_a_fault_and_another_empty_file_is_none()
    {
        Put("a.png", []);
        Put("lock", []);
        Assert.That(Find().LeftOut.Select(file => (Path.GetFileName(file.Path), file.IsFault)), Is.EqualTo(new[] { ("a.png", true), ("lock", false) }));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void Each_file_is_taken_once_by_its_own_name_however_links_lead_to_it()
    {
        Put("z/a.png", s_png);
        Put("z/b.png", s_png);
        Directory.CreateSymbolicLink(In("z/back"), "..");
        Directory.CreateSymbolicLink(In("z/here"), ".");
        Directory.CreateSymbolicLink(In("again"), "z");
        File.CreateSymbolicLink(In("a.png"), "z/a.png");
        File.CreateSymbolicLink(In("dead.png"), "nothing");
        File.CreateSymbolicLink(In("round"), "round");

        FolderFiles found = Find();

        Assert.That(found.Files.Select(file => file.RelativePath), Is.EqualTo(new[] { "z/a.png", "z/b.png" }));
        Assert.That(
            Reasons(found).Select(one => (one.Path, one.IsFault)),
            Is.EqualTo(new[] { ("a.png", false), ("again", false), ("dead.png", true), ("round", true), ("z/back", false), ("z/here", false) }));
        Assert.That(found.LeftOut[0].Reason, Does.Contain(In("z/a.png")));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_link_to_elsewhere_is_followed_and_mirrored_by_its_own_name()
    {
        string elsewhere = Directory.CreateTempSubdirectory("imagecodec-else-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(elsewhere, "a.png"), s_png);
            Directory.CreateSymbolicLink(In("one"), elsewhere);
            Directory.CreateSymbolicLink(In("two"), elsewhere);
            FolderFiles found = Find();
            Assert.That(found.Files.Select(file => (file.Path, file.RelativePath)), Is.EqualTo(new[] { (In("one/a.png"), "one/a.png") }));
            Assert.That(Reasons(found).Select(one => one.Path), Is.EqualTo(new[] { "two" }));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_pipe_holds_nothing_up()
    {
        using (Process make = Process.Start("mkfifo", In("pipe.png")))
        {
            make.WaitForExit();
            Assume.That(make.ExitCode, Is.Zero);
        }

        Put("a.png", s_png);
        FolderFiles found = Find();
        Assert.That(found.Files.Select(file => file.RelativePath), Is.EqualTo(new[] { "a.png" }));
        Assert.That(found.LeftOut.Single().Reason, Does.Contain("pipe"));
    }

    [Test]
    [Platform("Linux")]
    public void A_name_that_is_no_Unicode_is_told()
    {
        Put("a.png", s_png);
        using (Process make = Process.Start("bash", ["-c", $"cp '{In("a.png")}' '{_folder}/'$'b\\xff.png'"]))
        {
            make.WaitForExit();
            Assume.That(make.ExitCode, Is.Zero);
        }

        FolderFiles found = Find();
        Assert.That((found.Files.Count, found.LeftOut.Single().IsFault), Is.EqualTo((1, true)));
        Assert.That(found.LeftOut[0].Reason, Does.Contain("Unicode"));

        // The platform can't delete it either.
        using Process delete = Process.Start("bash", ["-c", $"rm '{_folder}/'$'b\\xff.png'"]);
        delete.WaitForExit();
    }

    [Test]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.That(() => FolderFiles.Find(In("none"), FileKind.Picture), Throws.InstanceOf<DirectoryNotFoundException>().With.Message.Contains("none"));

    private FolderFiles Find() => FolderFiles.Find(_folder, FileKind.Picture);

    private (string Path, string Reason, bool IsFault)[] Reasons(FolderFiles found) =>
        [.. found.LeftOut.Select(file => (Path.GetRelativePath(_folder, file.Path), file.Reason, file.IsFault))];

    private string In(string name) => Path.Combine(_folder, name);

    private void Put(string name, ReadOnlySpan<byte> contents)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllBytes(In(name), contents);
    }
}
