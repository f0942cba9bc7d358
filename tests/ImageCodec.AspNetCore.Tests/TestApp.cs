using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>An app on a port of this machine, with the folder that it serves at /pictures.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;
    private (int Count, TaskCompletionSource Reached) _awaited = (int.MaxValue, new TaskCompletionSource());

    private TestApp(WebApplication app, string folder, ConcurrentQueue<string> log) => (_app, Folder, Log) = (app, folder, log);

    public string Folder { get; }

    public HttpClient Client { get; } = new();

    public IServiceProvider Services => _app.Services;

    /// <summary>What was logged, a line each.</summary>
    public ConcurrentQueue<string> Log { get; }

    /// <summary>Ends when a client has left before it got its answer.</summary>
    public TaskCompletionSource ClientLeft { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="codec">The codec of the files; it restores only while its gate is open.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="map">Maps more endpoints; gets the folder.</param>
    /// <param name="services">Adds more services.</param>
    public static async Task<TestApp> StartAsync(
        GatedCodec? codec = null,
        Action<ImageCodecWebOptions>? configure = null,
        Action<WebApplication, string>? map = null,
        Action<IServiceCollection>? services = null)
    {
        // Pictures wait at gates on threads of the pool, which must not keep the server from answering.
        ThreadPool.SetMinThreads(128, 128);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        if (codec is not null)
        {
            builder.Services.AddSingleton(codec.Compressor);
        }

        builder.Services.AddImageCodecWeb(configure);
        services?.Invoke(builder.Services);
        TestApp? started = null;
        ListLoggerProvider log = new();
        builder.Logging.AddProvider(log);
        WebApplication app = builder.Build();
        string folder = Directory.CreateTempSubdirectory("imagecodec-web-").FullName;
        app.Use((context, next) => started!.WatchAsync(context, next));
        app.UseRouting();
        app.MapIcdFiles("/pictures", folder);
        map?.Invoke(app, folder);
        started = new TestApp(app, folder, log.Lines);
        await app.StartAsync();
        started.Client.BaseAddress = new Uri(app.Urls.Single());
        return started;
    }

    /// <summary>Ends when so many requests have come since the start.</summary>
    public Task RequestsAsync(int count)
    {
        lock (Client)
        {
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (count, reached);
            if (_requests >= count)
            {
                reached.SetResult();
            }

            return reached.Task;
        }
    }

    /// <summary>Puts a file into the folder.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task<HttpResponseMessage> SendAsync(string path, string? accept = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method ?? HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Sends bytes as they are, which clients of HTTP would not, and reads until the server closes.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Ends when all requests have been answered.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        lock (Client)
        {
            if (++_requests == _awaited.Count)
            {
                _awaited.Reached.SetResult();
            }
        }

        context.RequestAborted.Register(() => ClientLeft.TrySetResult());
        return next(context);
    }

    private sealed class ListLoggerProvider : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
