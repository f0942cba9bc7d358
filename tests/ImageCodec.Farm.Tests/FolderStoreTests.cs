namespace ImageCodec.Farm.Tests;

public sealed class FolderStoreTests
{
    private DirectoryInfo _folder = null!;
    private FolderStore _store = null!;

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("farm-store-");
        _store = new FolderStore(_folder.FullName);
    }

    [TearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task A_file_and_its_mark_are_written_and_found()
    {
        await _store.WriteAsync("sub/a.icd", new byte[] { 1, 2, 3 }, "made of this", CancellationToken.None);
        Assert.That(await _store.ReadAsync("sub/a.icd", 3, CancellationToken.None), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(await _store.FindMarkAsync("sub/a.icd", CancellationToken.None), Is.EqualTo("made of this"));
        Assert.That(await _store.FindMarkAsync("sub/b.icd", CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_mark_counts_only_beside_its_whole_file()
    {
        await _store.WriteAsync("a.icd", new byte[3], "mark", CancellationToken.None);
        File.WriteAllBytes(PathOf("a.icd"), new byte[2]);
        Assert.That(await _store.FindMarkAsync("a.icd", CancellationToken.None), Is.Null);
        File.Delete(PathOf("a.icd"));
        Assert.That(await _store.FindMarkAsync("a.icd", CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_torn_mark_is_none()
    {
        await _store.WriteAsync("a.icd", new byte[3], "mark", CancellationToken.None);
        string mark = PathOf(".farm/a.icd.txt");
        File.WriteAllText(mark, File.ReadAllText(mark)[..3]);
        Assert.That(await _store.FindMarkAsync("a.icd", CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_write_that_is_stopped_leaves_the_old_file_and_nothing_else()
    {
        await _store.WriteAsync("a.icd", new byte[] { 1 }, "old", CancellationToken.None);
        await Assert.CatchAsync<OperationCanceledException>(() => _store.WriteAsync("a.icd", new byte[1 << 20], "new", new CancellationToken(canceled: true)));
        Assert.That(File.ReadAllBytes(PathOf("a.icd")), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await _store.FindMarkAsync("a.icd", CancellationToken.None), Is.Not.EqualTo("new"));
        Assert.That(Directory.GetFiles(PathOf(".farm/unfinished")), Is.Empty);
    }

    [Test]
    public async Task A_failed_write_leaves_nothing()
    {
        // A folder stands where the file should.
        Directory.CreateDirectory(PathOf("a.icd/x"));
        Assert.That(() => _store.WriteAsync("a.icd", new byte[4], "mark", CancellationToken.None).GetAwaiter().GetResult(), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(await _store.FindMarkAsync("a.icd", CancellationToken.None), Is.Null);
        Assert.That(Directory.GetFiles(PathOf(".farm/unfinished")), Is.Empty);
    }

    [Test]
    public async Task Pictures_are_listed_below_the_folder_and_notes_are_not()
    {
        foreach (string name in new[] { "a.png", "b.JPG", "sub/c.ppm", "notes.txt", ".hidden/d.png", ".farm/e.png", "a.png.icd" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllBytes(PathOf(name), [1]);
        }

        Assert.That(await _store.ListAsync(CancellationToken.None).ToArrayAsync(), Is.EquivalentTo(new[] { "a.png", "b.JPG", "sub/c.ppm" }));
    }

    [TestCase("../a.png")]
    [TestCase("sub/../../a.png")]
    [TestCase("/etc/hostname")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        await Assert.ThrowsAsync<PictureRefusedException>(() => _store.ReadAsync(name, 1000, CancellationToken.None));
        await Assert.ThrowsAsync<PictureRefusedException>(() => _store.WriteAsync(name, new byte[1], "mark", CancellationToken.None));
    }

    [Test]
    public void A_folder_that_is_not_there_is_named()
    {
        FolderStore gone = new(PathOf("gone"));
        Assert.That(() => gone.WriteAsync("a.icd", new byte[1], "mark", CancellationToken.None).GetAwaiter().GetResult(), Throws.InstanceOf<DirectoryNotFoundException>().With.Message.Contains("gone"));
        Assert.That(Directory.Exists(PathOf("gone")), Is.False);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
