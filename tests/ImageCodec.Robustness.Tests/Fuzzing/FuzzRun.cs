using System.Diagnostics;
using System.Text;
using ImageCodec.NeuralNetworks;

namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>An input that did what none may do.</summary>
/// <param name="Index">Its number in the run.</param>
/// <param name="Problem">What happened.</param>
/// <param name="Input">The bytes.</param>
internal sealed record FuzzFailure(long Index, string Problem, byte[] Input);

/// <summary>A run of one reader over damaged inputs: what came out, and the slowest and hungriest of them.</summary>
internal sealed class FuzzRun
{
    public const string Success = "read";

    private const int MaxCorpus = 400;
    private const int MaxKindLength = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FuzzTarget _target;
    private readonly int _seed;
    private readonly List<byte[]> _corpus;

    public FuzzRun(FuzzTarget target, int seed)
    {
        _target = target;
        _seed = seed;
        _corpus = [.. target.Seeds];
    }

    public long Tried { get; private set; }

    /// <summary>How often each kind of outcome came: <see cref="Success"/>, or a message without its numbers.</summary>
    public Dictionary<string, long> Outcomes { get; } = [];

    public List<FuzzFailure> Failures { get; } = [];

    public TimeSpan SlowestTime { get; private set; }

    public int SlowestLength { get; private set; }

    /// <summary>Managed bytes that one input made the reader allocate at most.</summary>
    public long HungriestBytes { get; private set; }

    public int HungriestLength { get; private set; }

    /// <summary>Makes one more input and reads it.</summary>
    public void Step()
    {
        RandomSource random = new(_seed, (int)Tried, (int)(Tried >> 32));
        byte[] input = MakeInput(new Mutator(random), Pick(random), Pick(random));
        (string outcome, Exception? fault) = Read(input, out TimeSpan time, out long allocated);
        Note(input, outcome, fault, time, allocated);
        Tried++;
    }

    /// <summary>One of the seeds, which come first, as often as any other: what has been damaged once seldom gets far.</summary>
    private byte[] Pick(RandomSource random) => _corpus[random.Next(random.Next(2) == 0 ? _target.Seeds.Count : _corpus.Count)];

    private byte[] MakeInput(Mutator mutator, byte[] input, byte[] other)
    {
        if (_target.MutateInside is { } inside && mutator.Chance(75))
        {
            byte[] changed = inside(input, other, mutator);

            // Now and then both: damage inside that has been made good, and damage outside.
            return mutator.Chance(5) ? mutator.Mutate(changed, other) : changed;
        }

        return mutator.Mutate(input, other);
    }

    private (string Outcome, Exception? Fault) Read(byte[] input, out TimeSpan time, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            _target.Read(input);
            return (Success, null);
        }
        catch (InvalidFileException e)
        {
            return (Kind(e.Message), null);
        }
        catch (Exception e)
        {
            return (e.GetType().Name, e);
        }
        finally
        {
            time = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private void Note(byte[] input, string outcome, Exception? fault, TimeSpan time, long allocated)
    {
        if (!Outcomes.TryGetValue(outcome, out long count) && _corpus.Count < MaxCorpus)
        {
            // What came to a new place is a good start for others.
            _corpus.Add(input);
        }

        Outcomes[outcome] = count + 1;
        if (fault is not null)
        {
            Failures.Add(new FuzzFailure(Tried, fault.ToString(), input));
        }

        // Other programs and the garbage collector make any input slow now and then; the same one three times is slow by itself.
        for (int again = 0; again < 3 && time > SlowestTime; again++)
        {
            Read(input, out TimeSpan repeated, out _);
            time = repeated < time ? repeated : time;
        }

        if (time > SlowestTime)
        {
            (SlowestTime, SlowestLength) = (time, input.Length);
        }

        if (time > Patience)
        {
            Failures.Add(new FuzzFailure(Tried, $"It took {time.TotalSeconds:0.0} s.", input));
        }

        if (allocated > HungriestBytes)
        {
            (HungriestBytes, HungriestLength) = (allocated, input.Length);
        }

        long limit = _target.BaseMemory + (_target.MemoryPerByte * input.Length);
        if (allocated > limit)
        {
            Failures.Add(new FuzzFailure(Tried, $"It allocated {allocated} bytes, {limit} are the limit.", input));
        }
    }

    /// <summary>A message without its quotations and the words with digits or capitals inside, which differ from input to input.</summary>
    private static string Kind(string message)
    {
        int opening = message.AsSpan().IndexOfAny('«', '\'');
        int closing = message.AsSpan().LastIndexOfAny('»', '\'');
        StringBuilder kind = new(MaxKindLength);
        foreach (Range range in message.AsSpan().Split(' '))
        {
            (int start, int length) = range.GetOffsetAndLength(message.Length);
            ReadOnlySpan<char> word = message.AsSpan(start, length);
            bool varies = (start >= opening && start <= closing) || word.IndexOfAnyInRange('0', '9') >= 0 || (length > 1 && word[1..].IndexOfAnyInRange('A', 'Z') >= 0);
            if (varies && kind.Length > 0 && kind[^1] == '#')
            {
                continue;
            }

            kind.Append(kind.Length > 0 ? " " : "").Append(varies ? "#" : word);
            if (kind.Length > MaxKindLength)
            {
                break;
            }
        }

        return kind.ToString();
    }
}
