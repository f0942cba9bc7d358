using System.Net;

namespace ImageCodec.Farm.Tests;

public sealed class DashboardTests
{
    [Test]
    public async Task The_pages_show_what_was_done_and_what_was_set_aside()
    {
        using TestFarm farm = new();
        farm.AddPicture("a.png");
        File.WriteAllText(Path.Combine(farm.Input, "b<ad.png"), "no picture");
        farm.AddJobs();
        string address = $"http://127.0.0.1:{TestFarm.FreePort()}";
        farm.Options = farm.Options with { Dashboard = address };
        farm.Start();
        TestFarm.WaitUntil(() => farm.Status.IsDone, () => farm.Status.ToString());
        using HttpClient client = new();
        string pictures = await client.GetStringAsync(address + "/");
        Assert.That(pictures, Does.Contain("pictures done").And.Contain($"{Environment.MachineName}:{Environment.ProcessId}"));
        Assert.That(pictures, Does.Contain("<td>1</td><td>0</td><td>0.0</td>"));
        string failed = await client.GetStringAsync(address + "/hangfire/jobs/failed");
        Assert.That(failed, Does.Contain("photo: b&lt;ad.png").And.Contain("InvalidFileException").And.Not.Contain("b<ad"));
        Assert.That((await client.GetAsync(address + "/hangfire/servers")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
