namespace ImageCodec.Tests;

public sealed class AtomicFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("imagecodec-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private string InFolder(string name) => Path.Combine(_folder, name);

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_folder).Select(path => Path.GetFileName(path)).Order()];

    [Test]
    public void Makes_a_file()
    {
        AtomicFile.Write(InFolder("new"), stream => stream.Write("contents"u8));

        Assert.That(File.ReadAllText(InFolder("new")), Is.EqualTo("contents"));
        Assert.That(Entries(), Is.EqualTo(new[] { "new" }));
    }

    [Test]
    public void Replaces_a_longer_file()
    {
        File.WriteAllText(InFolder("old"), "a long old text");

        AtomicFile.Write(InFolder("old"), stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(InFolder("old")), Is.EqualTo("new"));
        Assert.That(Entries(), Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public void The_old_file_stays_until_the_new_one_is_whole()
    {
        File.WriteAllText(InFolder("file"), "old");

        AtomicFile.Write(InFolder("file"), stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.That(File.ReadAllText(InFolder("file")), Is.EqualTo("old"));
        });
    }

    [Test]
    public void A_failed_write_leaves_the_old_file_and_nothing_else([Values] bool existed)
    {
        if (existed)
        {
            File.WriteAllText(InFolder("file"), "old");
        }

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(InFolder("file"), stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("the disk is full");
        }));

        Assert.That(thrown.Message, Is.EqualTo("the disk is full"));
        Assert.That(Entries(), Is.EqualTo(existed ? new[] { "file" } : []));
        Assert.That(!existed || File.ReadAllText(InFolder("file")) == "old");
    }

    [Test]
    public void A_name_as_long_as_file_systems_allow_works()
    {
        string path = InFolder(new string('n', 255));

        AtomicFile.Write(path, stream => stream.WriteByte(1));

        Assert.That(File.Exists(path));
    }

    [Test]
    public void A_relative_name_is_in_the_current_folder()
    {
        string name = Path.GetRelativePath(Environment.CurrentDirectory, InFolder("file"));

        AtomicFile.Write(name, stream => stream.WriteByte(1));

        Assert.That(Entries(), Is.EqualTo(new[] { "file" }));
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(InFolder("none/file"), _ => { }));

        Assert.That(e.Message, Does.Contain(InFolder("none")));
    }

    [Test]
    public void A_folder_is_not_replaced()
    {
        Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(_folder, _ => { }));
        Assert.That(Entries(), Is.Empty);
    }

    [Test]
    public void Wrong_arguments_are_named()
    {
        Assert.That(() => AtomicFile.Write("", _ => { }), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => AtomicFile.Write("a", null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("write"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_link_stays_and_its_target_is_replaced([Values] bool targetExists)
    {
        Directory.CreateDirectory(InFolder("folder"));
        if (targetExists)
        {
            File.WriteAllText(InFolder("folder/target"), "old");
        }

        File.CreateSymbolicLink(InFolder("link"), "folder/target");

        AtomicFile.Write(InFolder("link"), stream => stream.Write("new"u8));

        Assert.That(new FileInfo(InFolder("link")).LinkTarget, Is.EqualTo("folder/target"));
        Assert.That(File.ReadAllText(InFolder("folder/target")), Is.EqualTo("new"));
        Assert.That(Entries(), Is.EqualTo(new[] { "folder", "link" }));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_old_permissions_are_kept()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        File.WriteAllText(InFolder("file"), "old");
        File.SetUnixFileMode(InFolder("file"), Mode);

        AtomicFile.Write(InFolder("file"), stream => stream.Write("new"u8));

        Assert.That(File.GetUnixFileMode(InFolder("file")), Is.EqualTo(Mode));
    }

    /// <summary>For root no folder is unwritable, so the test is for others.</summary>
    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void An_unwritable_folder_is_named()
    {
        Assume.That(Environment.IsPrivilegedProcess, Is.False);
        Directory.CreateDirectory(InFolder("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        UnauthorizedAccessException e = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(InFolder("closed/file"), _ => { }));

        Assert.That(e.Message, Does.Contain(InFolder("closed")));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_pipe_is_written_to()
    {
        using System.IO.Pipes.AnonymousPipeServerStream reader = new(System.IO.Pipes.PipeDirection.In);
        string path = $"/dev/fd/{reader.GetClientHandleAsString()}";

        AtomicFile.Write(path, stream => stream.Write("through"u8));

        byte[] read = new byte[7];
        reader.ReadExactly(read);
        Assert.That(read, Is.EqualTo("through"u8.ToArray()));
    }

    /// <summary>As root, renaming a file over /dev/null would break the machine.</summary>
    [Test]
    [Platform("Linux")]
    public void Devices_are_written_to_and_stay()
    {
        AtomicFile.Write("/dev/null", stream => stream.Write(new byte[10]));

        Assert.That(new FileInfo("/dev/null").Length, Is.Zero);
        Assert.Throws<IOException>(() => AtomicFile.Write("/dev/full", stream => stream.Write(new byte[10])));
    }

    /// <summary>Devices may lie anywhere, in containers for one.</summary>
    [Test]
    [Platform("Linux")]
    public void A_device_outside_of_dev_is_written_to_and_stays()
    {
        string device = InFolder("null");
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("mknod", [device, "c", "1", "3"]) { RedirectStandardError = true })!)
        {
            make.WaitForExit();
            if (make.ExitCode != 0)
            {
                Assert.Ignore("needs the right to make a device");
            }
        }

        try
        {
            AtomicFile.Write(device, stream => stream.Write(new byte[10]));
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Ignore("needs a file system that takes devices");
        }

        Assert.That(new FileInfo(device).Length, Is.Zero);
    }

    [Test]
    public void An_older_file_that_may_not_be_replaced_stays_and_is_found_before_the_work()
    {
        File.WriteAllText(InFolder("old"), "old");
        bool asked = false;

        IOException e = Assert.Throws<IOException>(() => AtomicFile.Write(InFolder("old"), _ => asked = true, overwrite: false));

        Assert.That(e.Message, Does.Contain(InFolder("old")).And.Contain("exists"));
        Assert.That(asked, Is.False);
        Assert.That(File.ReadAllText(InFolder("old")), Is.EqualTo("old"));
    }

    [Test]
    public void A_file_that_comes_while_another_is_written_stays_if_it_may_not_be_replaced()
    {
        Assert.Throws<IOException>(() => AtomicFile.Write(InFolder("file"), stream =>
        {
            stream.Write("ours"u8);
            File.WriteAllText(InFolder("file"), "theirs");
        }, overwrite: false));

        Assert.That(File.ReadAllText(InFolder("file")), Is.EqualTo("theirs"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_empty_file_holds_nothing_and_is_replaced_in_any_case()
    {
        File.WriteAllBytes(InFolder("empty"), []);
        AtomicFile.Write(InFolder("empty"), stream => stream.WriteByte(7), overwrite: false);
        Assert.That(File.ReadAllBytes(InFolder("empty")), Is.EqualTo(new byte[] { 7 }));
    }
}
