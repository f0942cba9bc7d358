using ImageCodec.Models.Tests.BitEquality;
using Microsoft.Testing.Platform.Builder;

namespace ImageCodec.Models.Tests;

/// <summary>Runs the tests; or, for the tests of bit equality, prints hashes from a process with other vector units.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [BitHashes.Argument])
        {
            foreach (string line in BitHashes.ComputeAll())
            {
                Console.WriteLine(line);
            }

            return 0;
        }

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(arguments);
        builder.AddSelfRegisteredExtensions(arguments);
        using ITestApplication application = await builder.BuildAsync();
        return await application.RunAsync();
    }
}
