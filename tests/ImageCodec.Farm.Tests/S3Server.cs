using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ImageCodec.Farm.Tests;

/// <summary>s3rver, a server of Node.js that speaks as Amazon S3 does, with a bucket of the test's own.</summary>
internal sealed class S3Server : IDisposable
{
    private const string Key = "S3RVER";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("farm-s3-");
    private readonly Process _process;

    private S3Server(string program)
    {
        int port = TestFarm.FreePort();
        ProcessStartInfo start = new(program, ["-d", _folder.FullName, "-a", "127.0.0.1", "-p", port.ToString(), "--configure-bucket", "pictures", "--silent"]);

        // It enciphers the place where a list goes on by a method that newer versions of Node.js keep for old programs.
        start.Environment["NODE_OPTIONS"] = "--openssl-legacy-provider";
        _process = Process.Start(start)!;
        foreach ((string name, string value) in new[]
        {
            ("AWS_ENDPOINT_URL", $"http://127.0.0.1:{port}"), ("AWS_ACCESS_KEY_ID", Key), ("AWS_SECRET_ACCESS_KEY", Key), ("AWS_REGION", "us-east-1"),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        DateTime end = DateTime.UtcNow + s_patience;
        while (!Answers(port))
        {
            if (_process.HasExited || DateTime.UtcNow > end)
            {
                Dispose();
                throw new InvalidOperationException("s3rver does not answer.");
            }

            Thread.Sleep(50);
        }
    }

    public static S3Server StartOrIgnore()
    {
        string? program = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "s3rver")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Ignore("s3rver is not installed (npm install -g s3rver).");
        }

        return new S3Server(program!);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool Answers(int port)
    {
        using TcpClient client = new();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
