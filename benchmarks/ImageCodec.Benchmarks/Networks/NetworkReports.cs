using System.Globalization;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>The reports that are tables of their own, because each line needs the ceiling measured beside it.</summary>
internal static class NetworkReports
{
    /// <summary>
    /// Runs «layers [part of a layer's name]», «models [architecture [threads]]», «transforms [threads [seconds [folder]]]», «fitting [part [seconds]]» or
    /// «synthesis»; false for anything else.
    /// </summary>
    public static bool TryRun(string[] arguments)
    {
        switch (arguments)
        {
            case ["layers", .. var filter]:
                LayerReport.Print(Console.Out, filter.FirstOrDefault() ?? "");
                return true;
            case ["models", .. var filter]:
                ModelReport.Print(Console.Out, filter.FirstOrDefault() ?? "", filter.Length > 1 ? int.Parse(filter[1], CultureInfo.InvariantCulture) : 0);
                return true;
            case ["transforms", .. var rest]:
                TransformReport.Print(
                    Console.Out,
                    rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 0,
                    rest.Length > 1 ? double.Parse(rest[1], CultureInfo.InvariantCulture) : 1,
                    rest.ElementAtOrDefault(2));
                return true;
            case ["fitting", .. var rest]:
                FittingReport.Print(
                    Console.Out, rest.ElementAtOrDefault(0) ?? "", rest.Length > 1 ? double.Parse(rest[1], CultureInfo.InvariantCulture) : 1);
                return true;
            case ["synthesis"]:
                SynthesisPassReport.Print(Console.Out);
                return true;
            default:
                return false;
        }
    }
}
