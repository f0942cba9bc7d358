using System.CommandLine;
using ImageCodec.Robustness.Tests.Faults;
using ImageCodec.Robustness.Tests.Fuzzing;
using ImageCodec.Robustness.Tests.Load;
using Microsoft.Testing.Platform.Builder;

namespace ImageCodec.Robustness.Tests;

/// <summary>Runs the tests; or, where the first argument names one, a long run that is too much for them.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        RootCommand soak = new("Long runs of what the tests do in short.")
        {
            FuzzCommand.Create(), KillCommand.Create(), LoadCommands.CreateThreads(), LoadCommands.CreatePictures(), CancelCommand.Create(),
        };
        if (arguments.Length > 0 && soak.Subcommands.Any(command => command.Name == arguments[0]))
        {
            return await soak.Parse(arguments).InvokeAsync();
        }

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        builder.AddSelfRegisteredExtensions(arguments);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
