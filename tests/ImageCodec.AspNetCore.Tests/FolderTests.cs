using System.Net;
using Microsoft.AspNetCore.Builder;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>What is served, and what is not.</summary>
public sealed class FolderTests
{
    private readonly GatedCodec _codec = new();
    private TestApp _app = null!;
    private byte[] _file = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _app = await TestApp.StartAsync(_codec, map: (app, folder) => app.MapIcdFiles("/", Directory.CreateDirectory(Path.Combine(folder, "sub")).FullName));
        _file = _codec.Compressor.Compress(TestPicture.Of(40, 30));
        _app.Write("a.icd", _file);
        _app.Write("sub/b c ü.ICD", _file);
        _app.Write("sub/secret.txt", "secret"u8);
        _app.Write(".hidden.icd", _file);
        Directory.CreateDirectory(Path.Combine(_app.Folder, "folder.icd"));

        // Beside the folder that is served, with a name that begins as its does.
        Directory.CreateDirectory(_app.Folder + "-other");
        File.WriteAllBytes(Path.Combine(_app.Folder + "-other", "outside.icd"), _file);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Directory.Delete(_app.Folder + "-other", recursive: true);
        await _app.DisposeAsync();
        _codec.Dispose();
    }

    [TestCase("/pictures/a.icd")]
    [TestCase("/pictures/sub/b%20c%20%C3%BC.ICD")]
    [TestCase("/b%20c%20%C3%BC.ICD")]
    [TestCase("/pictures/sub/../a.icd")]
    [TestCase("/pictures/a.icd?width=100")]
    public async Task Files_of_the_folder_are_served(string path)
    {
        string answer = await GetRawAsync(path);
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK").And.Contain("Content-Type: image/x-icd"));
    }

    [TestCase("/pictures/")]
    [TestCase("/pictures/none.icd")]
    [TestCase("/pictures/none/a.icd")]
    [TestCase("/pictures/sub")]
    [TestCase("/pictures/folder.icd")]
    [TestCase("/pictures/folder.icd/")]
    [TestCase("/pictures/a.icd/")]
    [TestCase("/pictures/a.icd/a.icd")]
    [TestCase("/pictures/sub/secret.txt")]
    [TestCase("/pictures/.hidden.icd")]
    [TestCase("/pictures/a.icd%00")]
    [TestCase("/pictures/%00a.icd")]
    [TestCase("/pictures/sub/secret.txt%00.icd")]
    [TestCase("/pictures/a.icd%0d%0aX:%20y")]
    public async Task Others_are_not_found(string path)
    {
        string answer = await GetRawAsync(path);
        Assert.That(answer, Does.Match("^HTTP/1.1 40[04] "));
    }

    [TestCase("..")]
    [TestCase("%2e%2e")]
    [TestCase("..%2f")]
    [TestCase("%2e%2e%2f")]
    [TestCase("..%5c")]
    [TestCase("..\\")]
    [TestCase("....//")]
    [TestCase("sub/../../")]
    [TestCase("sub%2f..%2f..%2f")]
    [TestCase("%252e%252e%252f")]
    [TestCase("..%c0%af")]
    [TestCase("/")]
    [TestCase("%2f")]
    public async Task No_path_leads_outside(string up)
    {
        string sibling = Path.GetFileName(_app.Folder) + "-other/outside.icd";
        string temporary = Path.GetDirectoryName(_app.Folder)!;
        foreach (string path in new[]
        {
            $"/pictures/{up}/{sibling}", $"/pictures/{up}{sibling}", $"/pictures/{up}-other/outside.icd", $"/pictures/{up}{temporary}/{sibling}",
            $"/pictures/{up}{temporary.Replace("/", "%2f", StringComparison.Ordinal)}%2f{sibling}", $"/{up}/{up}/{sibling}",
        })
        {
            string answer = await GetRawAsync(path);
            Assert.That(answer, Does.Match("^HTTP/1.1 40[04] "), path);
        }
    }

    [Test]
    public async Task What_is_not_found_is_a_problem()
    {
        using HttpResponseMessage response = await _app.SendAsync("/pictures/none.icd", "image/webp");
        await ResponseAssert.IsProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_told_at_the_start()
    {
        await using TestApp app = await TestApp.StartAsync(
            map: (app, folder) => Assert.That(() => app.MapIcdFiles("/more", folder + "/none"), Throws.TypeOf<DirectoryNotFoundException>()));
    }

    private Task<string> GetRawAsync(string path) =>
        _app.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: image/x-icd\r\nConnection: close\r\n\r\n");
}
