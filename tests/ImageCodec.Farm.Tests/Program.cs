using System.CommandLine;
using System.Runtime.InteropServices;
using ImageCodec.Farm.Tests.Trials;
using Microsoft.Testing.Platform.Builder;

namespace ImageCodec.Farm.Tests;

/// <summary>Runs the tests; or, where the first argument names one, a trial that is too long for them.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        RootCommand trials = new("Long trials of the farm, with PostgreSQL.") { KillTrial.CreateCommand(), ThroughputTrial.CreateCommand(), ThroughputTrial.CreateLoopCommand() };
        if (arguments.Length > 0 && trials.Subcommands.Any(command => command.Name == arguments[0]))
        {
            // Ends by the ordinary way, on which processes that were started are ended too.
            static void Leave(PosixSignalContext context) => Environment.Exit(1);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
            return await trials.Parse(arguments).InvokeAsync();
        }

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        builder.AddSelfRegisteredExtensions(arguments);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
