using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageCodec.Benchmarks.Networks;

/// <summary>
/// Timing on a machine that others use too: of many runs one of the fastest is taken, which was disturbed least; not the fastest
/// of all, because clocks err now and then.
/// </summary>
internal static partial class Stopwatches
{
    private const double WarmUpSeconds = 0.15;

    /// <summary>The seconds that one in twenty of the runs that fit into a time stays below, after a warm-up.</summary>
    /// <param name="run">Does the work and returns the seconds that count.</param>
    /// <param name="seconds">For how long runs are repeated.</param>
    public static double Best(Func<double> run, double seconds = 0.4)
    {
        Stopwatch total = Stopwatch.StartNew();
        int warmUps = 0;
        while (total.Elapsed.TotalSeconds < WarmUpSeconds || warmUps < 3)
        {
            run();
            warmUps++;
        }

        List<double> times = [];
        for (total.Restart(); total.Elapsed.TotalSeconds < seconds || times.Count < 5;)
        {
            times.Add(run());
        }

        times.Sort();
        return times[times.Count / 20];
    }

    /// <summary>
    /// The seconds of one call. Work on this thread alone is measured by the processor time that the thread got, where the system
    /// tells it, so that others' work in between does not count.
    /// </summary>
    public static double Time(Action action, int threads = 0)
    {
        if (threads == 1 && OperatingSystem.IsLinux())
        {
            double before = ThreadSeconds();
            action();
            return ThreadSeconds() - before;
        }

        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double ThreadSeconds()
    {
        const int ThreadProcessorTime = 3;
        TimeSpec time = default;
        return GetClock(ThreadProcessorTime, ref time) == 0 ? time.Seconds + time.Nanoseconds * 1e-9 : throw new InvalidOperationException();
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetClock(int clock, ref TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
