namespace ImageCodec.Benchmarks.Networks;

/// <summary>The reports that are tables of their own, because each line needs the ceiling measured beside it.</summary>
internal static class NetworkReports
{
    /// <summary>Runs «layers [part of a layer's name]» or «models [architecture]»; false for anything else.</summary>
    public static bool TryRun(string[] arguments)
    {
        switch (arguments)
        {
            case ["layers", .. var filter]:
                LayerReport.Print(Console.Out, filter.FirstOrDefault() ?? "");
                return true;
            case ["models", .. var filter]:
                ModelReport.Print(Console.Out, filter.FirstOrDefault() ?? "");
                return true;
            default:
                return false;
        }
    }
}
