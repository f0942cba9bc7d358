namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Some thousands of damaged inputs for each reader; the command «fuzz» of this program runs as many as it is told.</summary>
internal sealed class FuzzTests
{
    private const int Inputs = 2500;

    private static IEnumerable<string> Readers => FuzzTargets.All.Keys;

    [TestCaseSource(nameof(Readers))]
    public void Damaged_inputs_are_read_or_refused(string reader)
    {
        FuzzRun run = new(FuzzTargets.All[reader](), seed: 1);
        while (run.Tried < Inputs)
        {
            run.Step();
        }

        Assert.That(run.Failures.Select(failure => $"{failure.Problem}\n{Convert.ToHexString(failure.Input)}"), Is.Empty);
        Assert.That(run.Outcomes.Keys, Has.Count.GreaterThan(1), "the damage is seen, and in more ways than one");
        Assert.That(run.Outcomes.GetValueOrDefault(FuzzRun.Success), Is.Positive, "and some of it does no harm");
    }

    [TestCaseSource(nameof(Readers))]
    public void Every_seed_is_of_use(string reader)
    {
        FuzzTarget target = FuzzTargets.All[reader]();
        int read = 0;
        foreach (byte[] seed in target.Seeds)
        {
            try
            {
                target.Read(seed);
                read++;
            }
            catch (InvalidFileException)
            {
                // Some of the fixtures are there to be refused.
            }
        }

        Assert.That(read, Is.GreaterThanOrEqualTo(target.Seeds.Count / 4));
    }

    [Test]
    public void A_fault_and_a_hunger_are_noticed()
    {
        FuzzTarget bad = new("bad", [[1]], _ => throw new InvalidOperationException("out of place"), null, long.MaxValue, 0);
        FuzzTarget hungry = new("hungry", [[1]], _ => GC.KeepAlive(new byte[100_000]), null, 50_000, 0);
        foreach ((FuzzTarget target, string problem) in new[] { (bad, "out of place"), (hungry, "allocated") })
        {
            FuzzRun run = new(target, seed: 1);
            run.Step();

            Assert.That(run.Failures, Has.Count.EqualTo(1));
            Assert.That(run.Failures[0].Problem, Does.Contain(problem));
        }
    }
}
