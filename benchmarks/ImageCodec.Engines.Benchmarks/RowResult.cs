using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>What became of a row: the times, and what was found on the way to them.</summary>
internal sealed class RowResult
{
    /// <summary>Sums in another order differ in their last bits; anything else is a mistake. In mean magnitudes of the output.</summary>
    private const double Tolerance = 2e-4;

    private const string Differs = "differs";

    private readonly Dictionary<Engine, string> _failures = [];
    private readonly Dictionary<Engine, (double Seconds, string Note)> _times = [];

    private RowResult()
    {
    }

    /// <summary>Whether every way to compute the row gives the library's output, if need be by its second maker.</summary>
    public bool Agrees => !_failures.ContainsValue(Differs);

    /// <summary>How far an output that was timed lies from the library's, at most.</summary>
    public double Distance { get; private set; }

    /// <summary>Ways that were not timed as their output was wrong, with how far it was off.</summary>
    public List<string> Differing { get; } = [];

    /// <summary>Compares the outputs and times those that are the same.</summary>
    public static RowResult Of(Row row, Turns turns)
    {
        RowResult result = new();
        List<(Engine Engine, IContender Contender)> ready = [];
        try
        {
            float[]? expected = null;
            foreach (Entry entry in row.Entries)
            {
                if (result.Prepare(entry, ref expected) is { } contender)
                {
                    ready.Add((entry.Engine, contender));
                }
            }

            double[] times = turns.Time([.. ready.Select(item => item.Contender)]);
            foreach (((Engine engine, IContender contender), double seconds) in ready.Zip(times).OrderByDescending(item => item.Second))
            {
                result._times[engine] = (seconds, contender.Note);
            }
        }
        finally
        {
            ready.ForEach(item => item.Contender.Dispose());
        }

        return result;
    }

    /// <summary>The seconds of an engine's fastest way; null if it has none.</summary>
    public double? Seconds(Engine engine) => _times.TryGetValue(engine, out (double Seconds, string Note) time) ? time.Seconds : null;

    /// <summary>What was particular to an engine's fastest way, or why it has no time.</summary>
    public string Note(Engine engine) =>
        _times.TryGetValue(engine, out (double Seconds, string Note) time) ? time.Note : _failures.GetValueOrDefault(engine, "–");

    /// <summary>The first contender of an entry whose output is right.</summary>
    private IContender? Prepare(Entry entry, ref float[]? expected)
    {
        string failure = "";
        foreach (Func<IContender> maker in entry.Makers)
        {
            IContender? contender = null;
            try
            {
                contender = maker();
                contender.Run();
                float[] output = contender.Output();
                double distance = expected is null ? 0 : DistanceOf(output, expected);
                if (distance <= Tolerance)
                {
                    expected ??= output;
                    Distance = Math.Max(Distance, distance);
                    return contender;
                }

                Differing.Add(FormattableString.Invariant($"{entry.Engine}{(contender.Note == "" ? "" : " " + contender.Note)}: {distance:0.0e+0}"));
                failure = Differs;
            }
            catch (Exception e) when (IsForMemory(e))
            {
                failure = "no memory";
            }

            contender?.Dispose();
        }

        _failures[entry.Engine] = failure;
        return null;
    }

    private static double DistanceOf(float[] actual, float[] expected)
    {
        if (actual.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        double furthest = 0;
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            furthest = Math.Max(furthest, Math.Abs((double)actual[i] - expected[i]));
            sum += Math.Abs(expected[i]);
        }

        return furthest / (sum / expected.Length);
    }

    /// <summary>Native engines have no kind of their own for this, only words.</summary>
    private static bool IsForMemory(Exception exception) => exception is OutOfMemoryException
        || (exception is ExternalException or OnnxRuntimeException && exception.Message.Contains("alloc", StringComparison.OrdinalIgnoreCase));
}
