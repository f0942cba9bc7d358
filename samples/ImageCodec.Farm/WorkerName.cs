namespace ImageCodec.Farm;

/// <summary>What a worker process is called: its machine and its process, and a number of its own, since in a container both may be those of the one before.</summary>
internal sealed record WorkerName(string Text)
{
    public static WorkerName Create() => new($"{Environment.MachineName}:{Environment.ProcessId}:{Random.Shared.Next(0x10000):x4}");
}
