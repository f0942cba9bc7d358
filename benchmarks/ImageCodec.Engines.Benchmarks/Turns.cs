using System.Diagnostics;

namespace ImageCodec.Engines.Benchmarks;

/// <summary>Timing in turns. Runs are often disturbed on a machine that others use too, so of all runs one of the fastest counts.</summary>
/// <param name="Threads">Threads that each engine uses; with one, the processor time of the process counts, wherever in it the work is done.</param>
/// <param name="Seconds">For how long a contender repeats its work in a turn.</param>
/// <param name="Rounds">Turns of each contender.</param>
internal sealed record Turns(int Threads, double Seconds, int Rounds)
{
    private const double WarmUpSeconds = 0.15;

    /// <summary>Threads of an engine that wait for work spin for a while, and would be in the way of the next one's.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>The seconds of a run of each contender, which only one in twenty of its runs stays below.</summary>
    public double[] Time(IReadOnlyList<IContender> contenders)
    {
        List<double>[] times = [.. contenders.Select(_ => new List<double>())];
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((int index, IContender contender) in contenders.Index())
            {
                Thread.Sleep(Pause);
                Repeat(contender, Math.Min(WarmUpSeconds, Seconds), []);
                Repeat(contender, Seconds, times[index]);
            }
        }

        return [.. times.Select(runs => runs.Order().ElementAt(runs.Count / 20))];
    }

    private void Repeat(IContender contender, double seconds, List<double> times)
    {
        Stopwatch total = Stopwatch.StartNew();
        do
        {
            double start = Now();
            contender.Run();
            times.Add(Now() - start);
        }
        while (total.Elapsed.TotalSeconds < seconds);
    }

    private double Now() =>
        Threads == 1 ? Environment.CpuUsage.TotalTime.TotalSeconds : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
