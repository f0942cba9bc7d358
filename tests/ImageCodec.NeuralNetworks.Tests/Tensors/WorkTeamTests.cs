using ImageCodec.NeuralNetworks.Tensors;

namespace ImageCodec.NeuralNetworks.Tests.Tensors;

/// <summary>Threads that share the pieces of a job.</summary>
public class WorkTeamTests
{
    [Test]
    public void Each_piece_is_done_once_in_job_after_job([Values(2, 3, 9)] int size, [Values(1, 2, 7, 100)] int count)
    {
        using WorkTeam team = new(size);
        for (int job = 0; job < 500; job++)
        {
            int[] done = new int[count];

            team.Run(count, piece => Interlocked.Increment(ref done[piece]), default);

            Assert.That(done, Is.All.EqualTo(1), $"job {job}");
        }
    }

    [Test]
    public void Pieces_run_at_the_same_time()
    {
        Assume.That(Environment.ProcessorCount, Is.GreaterThan(1));
        using WorkTeam team = new(2);
        using Barrier meeting = new(2);

        team.Run(2, _ => Assert.That(meeting.SignalAndWait(TimeSpan.FromMinutes(1))), default);
    }

    [Test]
    public void A_team_within_another_of_the_same_thread_has_helpers_too()
    {
        Assume.That(Environment.ProcessorCount, Is.GreaterThan(1));
        using WorkTeam outer = new(2);
        using WorkTeam inner = new(2);
        using Barrier meeting = new(2);

        inner.Run(2, _ => Assert.That(meeting.SignalAndWait(TimeSpan.FromMinutes(1))), default);
    }

    [Test]
    public void What_a_piece_throws_is_thrown_and_nothing_runs_on([Values(0, 5, 99)] int failing)
    {
        using WorkTeam team = new(3);
        int running = 0;
        for (int job = 0; job < 100; job++)
        {
            Assert.That(
                () => team.Run(
                    100,
                    piece =>
                    {
                        Interlocked.Increment(ref running);
                        try
                        {
                            if (piece == failing)
                            {
                                throw new InvalidDataException("this one");
                            }
                        }
                        finally
                        {
                            Interlocked.Decrement(ref running);
                        }
                    },
                    default),
                Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("this one"));
            Assert.That(running, Is.Zero);
        }

        int done = 0;
        team.Run(10, _ => Interlocked.Increment(ref done), default);
        Assert.That(done, Is.EqualTo(10), "the next job");
    }

    [Test]
    public void A_cancelled_job_stops_at_the_next_piece()
    {
        using WorkTeam team = new(2);
        using CancellationTokenSource source = new();
        int done = 0;

        Assert.That(
            () => team.Run(
                1000,
                _ =>
                {
                    Interlocked.Increment(ref done);
                    source.Cancel();
                },
                source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(done, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Many_teams_work_at_once() =>
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            using WorkTeam team = new(4);
            for (int job = 0; job < 50; job++)
            {
                long sum = 0;
                team.Run(20, piece => Interlocked.Add(ref sum, piece), default);
                Assert.That(sum, Is.EqualTo(190));
            }
        });
}
