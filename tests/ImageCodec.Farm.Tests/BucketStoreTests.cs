namespace ImageCodec.Farm.Tests;

public sealed class BucketStoreTests
{
    private S3Server _server = null!;

    [OneTimeSetUp]
    public void Start() => _server = S3Server.StartOrIgnore();

    [OneTimeTearDown]
    public void Stop() => _server?.Dispose();

    [Test]
    public async Task A_file_is_written_with_its_mark_listed_and_read()
    {
        using BucketStore store = new("s3://pictures/one");
        byte[] file = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        await store.WriteAsync("a/ü b.png", file, "sha256=1 model=x quality=5", CancellationToken.None);
        Assert.That(await store.ReadAsync("a/ü b.png", file.Length, CancellationToken.None), Is.EqualTo(file));
        Assert.That(await store.FindMarkAsync("a/ü b.png", CancellationToken.None), Is.EqualTo("sha256=1 model=x quality=5"));
        Assert.That(await store.FindMarkAsync("a/other.png", CancellationToken.None), Is.Null);
        Assert.That(await store.ListAsync(CancellationToken.None).ToArrayAsync(), Is.EqualTo(new[] { "a/ü b.png" }));
    }

    [Test]
    public async Task A_file_takes_the_place_of_an_older_one_with_its_mark()
    {
        using BucketStore store = new("s3://pictures/two/");
        await store.WriteAsync("a.icd", new byte[10], "old", CancellationToken.None);
        await store.WriteAsync("a.icd", new byte[20], "new", CancellationToken.None);
        Assert.That(await store.FindMarkAsync("a.icd", CancellationToken.None), Is.EqualTo("new"));
        Assert.That(await store.ReadAsync("a.icd", 20, CancellationToken.None), Has.Length.EqualTo(20));
    }

    [Test]
    public async Task A_longer_file_than_is_taken_is_refused()
    {
        using BucketStore store = new("s3://pictures/three");
        await store.WriteAsync("a.png", new byte[21], "x", CancellationToken.None);
        await Assert.ThrowsAsync<PictureRefusedException>(() => store.ReadAsync("a.png", 20, CancellationToken.None));
    }

    [Test]
    public async Task More_names_than_one_answer_holds_are_all_listed()
    {
        using BucketStore store = new("s3://pictures/many", pageLength: 3);
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{i}.png")];
        foreach (string name in names)
        {
            await store.WriteAsync(name, new byte[1], "x", CancellationToken.None);
        }

        Assert.That(await store.ListAsync(CancellationToken.None).ToArrayAsync(), Is.EquivalentTo(names));
    }

    [Test]
    public async Task Pictures_go_from_bucket_to_bucket()
    {
        using TestFarm farm = new();
        byte[] png = ImageFile.Encode(TestFarm.Picture(3), ImageFileFormat.Png);
        using (BucketStore input = new("s3://pictures/from"))
        {
            await input.WriteAsync("x/a.png", png, "picture", CancellationToken.None);
            Order order = new() { Input = "s3://pictures/from", Output = "s3://pictures/to" };
            await OrderDesk.AddAsync(farm.Jobs, order, input.ListAsync(CancellationToken.None), 16, CancellationToken.None);
            await OrderDesk.AddAsync(farm.Jobs, order, input.ListAsync(CancellationToken.None), 16, CancellationToken.None);
        }

        farm.Options = farm.Options with { Workers = 1 };
        farm.Work();
        using BucketStore output = new("s3://pictures/to");
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        Assert.That(await output.ReadAsync("x/a.png.icd", 1 << 20, CancellationToken.None), Is.EqualTo(compressor.Compress(TestFarm.Picture(3))));
        Assert.That((farm.Status.Pictures.Done, farm.Status.Pictures.Skipped, farm.Status.SetAside), Is.EqualTo((1, 1, 0)));
    }

    [TestCase("s3://")]
    [TestCase("s3:///prefix")]
    public void An_address_without_a_bucket_is_an_error(string address) => Assert.Throws<ArgumentException>(() => new BucketStore(address).Dispose());
}
