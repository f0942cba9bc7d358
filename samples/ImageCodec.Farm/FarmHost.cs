using System.Data.Common;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageCodec.Farm;

/// <summary>Makes the host of a worker process: Hangfire's server, and the dashboard where that is wanted.</summary>
internal static class FarmHost
{
    public static IHost Create(JobStorage storage, FarmOptions options)
    {
        if (options.Dashboard is null)
        {
            HostApplicationBuilder plain = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            Add(plain, storage, options);
            return plain.Build();
        }

        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Dashboard);
        Add(builder, storage, options);
        WebApplication app = builder.Build();
        PicturesPage.Add();

        // Answers to this machine only, as Hangfire does by default: who may use it can run any job again.
        app.UseHangfireDashboard("/hangfire", new DashboardOptions { DashboardTitle = "ImageCodec farm", DisplayNameFunc = Title }, storage);
        app.MapGet("/", () => Results.Redirect("/hangfire" + PicturesPage.Path));
        return app;
    }

    private static void Add(IHostApplicationBuilder builder, JobStorage storage, FarmOptions options)
    {
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning);
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton(WorkerName.Create());
        builder.Services.AddSingleton(new PictureLimits(options.MaxPixelCount, options.MaxMemory));
        builder.Services.AddSingleton<PictureStores>();
        builder.Services.AddSingleton<PictureJob>();
        builder.Services.AddHangfire(settings => settings.UseStorage(storage).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings());
        if (options.Workers > 0)
        {
            builder.Services.AddHangfireServer(server =>
            {
                server.WorkerCount = options.Workers;
                server.ServerName = Environment.MachineName;

                // By default a dead worker is shown for five minutes, and what waits for its next try may wait 15 seconds longer.
                server.HeartbeatInterval = TimeSpan.FromSeconds(10);
                server.ServerTimeout = TimeSpan.FromMinutes(1);
                server.ServerCheckInterval = TimeSpan.FromSeconds(20);
                server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
            });
        }

        if (options.UntilDone)
        {
            builder.Services.AddHostedService(services => new UntilDone(storage, services.GetRequiredService<IHostApplicationLifetime>()));
        }
    }

    private static string Title(DashboardContext context, Hangfire.Common.Job job) =>
        job.Args is [Order order, string[] { Length: > 0 } pictures, ..] ? $"{order.Model}: {pictures[0]}{(pictures.Length > 1 ? $" and {pictures.Length - 1} more" : "")}" : job.ToString();

    /// <summary>Ends the process when no job waits, runs, or will be tried again.</summary>
    private sealed class UntilDone(JobStorage storage, IHostApplicationLifetime life) : BackgroundService
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            do
            {
                await Task.Delay(s_pause, stoppingToken);
            }
            while (!IsDone());
            life.StopApplication();
        }

        private bool IsDone()
        {
            try
            {
                return FarmStatus.Read(storage).IsDone;
            }
            catch (DbException)
            {
                // The database is away for a while, which the workers outlast too.
                return false;
            }
        }
    }
}
