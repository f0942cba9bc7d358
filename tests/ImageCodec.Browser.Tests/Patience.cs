using System.Diagnostics;

namespace ImageCodec.Browser.Tests;

/// <summary>How long is waited for what must come; only failures take as long.</summary>
internal static class Patience
{
    private const int PollMilliseconds = 50;

    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Waits until something holds.</summary>
    public static void WaitFor(Func<bool> holds, Func<string> describe)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > Limit)
            {
                Assert.Fail($"It did not come in {Limit}: {describe()}");
            }

            Thread.Sleep(PollMilliseconds);
        }
    }
}
