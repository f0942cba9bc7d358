using System.Diagnostics;

namespace ImageCodec.Farm.Tests;

/// <summary>A PostgreSQL server of the test's own, in a temporary folder, reached by a socket there.</summary>
internal sealed class PrivatePostgres : IDisposable
{
    private const string User = "farm";
    private const string ServerUser = "postgres";

    private readonly string _programs;
    private readonly string _folder;
    private readonly string _options;

    private PrivatePostgres(string programs, bool isSafe)
    {
        _programs = programs;
        _folder = Directory.CreateTempSubdirectory("farm-pg-").FullName;
        if (IsRoot)
        {
            // PostgreSQL does not run as root.
            Run("chown", ServerUser, _folder);
        }

        RunAsServer("initdb", "--pgdata", Data, "--username", User, "--auth", "trust", "--no-sync", "--encoding", "UTF8");
        _options = $"-k {_folder} -c listen_addresses='' {(isSafe ? "" : "-c fsync=off")}";
        Start();
        AppDomain.CurrentDomain.ProcessExit += DisposeAtExit;
    }

    public string ConnectionString => $"Host={_folder};Username={User};Database=postgres;Timeout=5";

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts one, or leaves the test out where PostgreSQL is not installed.</summary>
    public static PrivatePostgres StartOrIgnore()
    {
        if (FindPrograms() is not { } programs)
        {
            Assert.Ignore("PostgreSQL's initdb and pg_ctl are not installed (Debian package postgresql).");
            throw new InvalidOperationException();
        }

        return new PrivatePostgres(programs, isSafe: false);
    }

    /// <summary>Starts one as it would be in use: what it says is kept is on the disk.</summary>
    public static PrivatePostgres StartForTrial() =>
        new(FindPrograms() ?? throw new InvalidOperationException("PostgreSQL's initdb and pg_ctl are not installed (Debian package postgresql)."), isSafe: true);

    public void Start() => RunAsServer("pg_ctl", "start", "-w", "-D", Data, "-o", _options, "-l", Path.Combine(_folder, "log"));

    /// <summary>Stops it as a power cut would: nobody is told, nothing is brought to an end.</summary>
    public void Crash() => RunAsServer("pg_ctl", "stop", "-w", "-D", Data, "-m", "immediate");

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= DisposeAtExit;
        Npgsql.NpgsqlConnection.ClearAllPools();
        Crash();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A trial that is interrupted leaves no server behind either.</summary>
    private void DisposeAtExit(object? sender, EventArgs e) => Dispose();

    private static string? FindPrograms()
    {
        string[] installed = Directory.Exists("/usr/lib/postgresql") ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))] : [];
        return Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Concat(installed)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private void RunAsServer(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        if (IsRoot)
        {
            Run("runuser", ["-u", ServerUser, "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private void Run(string program, params string[] arguments)
    {
        // Its output goes to a file: the server that pg_ctl starts would hold a pipe open.
        string line = string.Join(' ', new[] { program }.Concat(arguments).Select(argument => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        string output = Path.GetTempFileName();
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {line} > '{output}' 2>&1 < /dev/null"]) { WorkingDirectory = _folder })!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{line}\n{File.ReadAllText(output)}");
            }
        }
        finally
        {
            File.Delete(output);
        }
    }
}
