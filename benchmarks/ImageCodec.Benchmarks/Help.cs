using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace ImageCodec.Benchmarks;

/// <summary>What there is to run.</summary>
internal static class Help
{
    /// <summary>Prints the benchmarks and how to run them.</summary>
    public static void Print(TextWriter output)
    {
        output.WriteLine("""
            Reports, each a table on standard output:
              layers [NAME]                   convolutions of the models' layers, beside the ceiling measured in the same run
              models [ARCHITECTURE [THREADS]] whole networks and training steps, as compare_with_pytorch.py reads them
              transforms [THREADS [SECONDS [FOLDER]]]
                                              the default model's transforms at 768×512, as compare_with_pytorch.py reads them
              fitting [PART [SECONDS]]        an iteration of fitting a decoder to a picture, beside the ceiling measured in the same run
              synthesis                       an iteration of fitting the synthesis of a fitted file, beside the ceiling
              codec [PICTURE]                 whole codecs beside libjpeg-turbo, libwebp and libaom, by their own commands
            Benchmarks, by BenchmarkDotNet:
            """);
        foreach (Type type in typeof(Help).Assembly.GetTypes().Where(type => type.IsPublic).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            foreach (MethodInfo method in type.GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute))))
            {
                output.WriteLine($"  {type.Name}.{method.Name}");
            }
        }

        output.WriteLine("""

            Run a report by its name, and benchmarks by a filter; --filter '*' takes all of them:
              dotnet run -c Release --project benchmarks/ImageCodec.Benchmarks -- codec
              dotnet run -c Release --project benchmarks/ImageCodec.Benchmarks -- --filter '*Adaptive*'
            benchmarks/RESULTS.md has results with the machines they came from. Figures mean something on a quiet machine only.
            """);
    }
}
