using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// A thread, and threads of the pool that help it with the pieces of one job after another. Helpers stay for some microseconds after a job, as the next layer's is mostly at hand by
/// then: to call one costs more than a small layer. Where as many teams are at work as there are cores, as in a server or a batch, nobody is called: each owner does its job alone.
/// </summary>
internal sealed class WorkTeam : IDisposable
{
    /// <summary>How long a helper waits for another job.</summary>
    private static readonly long s_patience = Stopwatch.Frequency / 1000;

    /// <summary>Threads of the process that own a team.</summary>
    private static int s_owners;

    /// <summary>The teams of this thread, whose runs may lie one in another.</summary>
    [ThreadStatic]
    private static int t_teams;

    private readonly int _maxHelpers;
    private Job? _job;
    private int _helpers;
    private volatile bool _disposed;

    /// <param name="size">Threads altogether, the owner counted.</param>
    public WorkTeam(int size)
    {
        _maxHelpers = size - 1;
        if (t_teams++ == 0)
        {
            Interlocked.Increment(ref s_owners);
        }
    }

    /// <summary>Cores that no team's owner has.</summary>
    private static int IdleCores => Environment.ProcessorCount - Volatile.Read(ref s_owners);

    /// <summary>Runs <paramref name="body"/> for 0 … <paramref name="count"/> − 1, in any order. For the thread that owns the team.</summary>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public void Run(int count, Action<int> body, CancellationToken cancellationToken)
    {
        Job job = new(count, body, cancellationToken);
        Volatile.Write(ref _job, job);
        int wanted = Math.Min(Math.Min(_maxHelpers, count - 1), IdleCores);
        for (int there = Volatile.Read(ref _helpers); there < wanted; there++)
        {
            Interlocked.Increment(ref _helpers);
            ThreadPool.UnsafeQueueUserWorkItem(static team => team.Help(), this, preferLocal: false);
        }

        job.Work();
        job.WaitForOthers();
        Volatile.Write(ref _job, null);
        job.ThrowIfFailed();
    }

    /// <summary>Sends the helpers away. For the thread that made the team.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (--t_teams == 0)
            {
                Interlocked.Decrement(ref s_owners);
            }
        }
    }

    private void Help()
    {
        long since = Stopwatch.GetTimestamp();
        while (!_disposed && IdleCores > 0 && Stopwatch.GetTimestamp() - since < s_patience)
        {
            if (Volatile.Read(ref _job) is { IsOpen: true } job)
            {
                job.Work();
                since = Stopwatch.GetTimestamp();
            }
            else
            {
                Thread.SpinWait(20);
                Thread.Yield();
            }
        }

        Interlocked.Decrement(ref _helpers);
    }

    /// <summary>Pieces of work, which whoever has time takes one by one.</summary>
    private sealed class Job(int count, Action<int> body, CancellationToken cancellationToken)
    {
        private int _next;
        private int _working;
        private ExceptionDispatchInfo? _failure;

        /// <summary>Whether there is something left to take.</summary>
        public bool IsOpen => Volatile.Read(ref _next) < count;

        /// <summary>Takes pieces until there are none left.</summary>
        public void Work()
        {
            // Counted before a piece is taken, so that nobody who has one is missed.
            Interlocked.Increment(ref _working);
            try
            {
                for (int piece; (piece = Interlocked.Increment(ref _next) - 1) < count;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    body(piece);
                }
            }
#pragma warning disable CA1031 // What a piece throws is what the job throws, on whichever thread that was.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                Volatile.Write(ref _next, count);
            }
            finally
            {
                Interlocked.Decrement(ref _working);
            }
        }

        public void WaitForOthers()
        {
            for (SpinWait wait = default; Volatile.Read(ref _working) > 0;)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        public void ThrowIfFailed() => _failure?.Throw();
    }
}
