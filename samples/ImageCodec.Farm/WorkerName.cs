namespace ImageCodec.Farm;

/// <summary>What a worker process is called on the dashboard: its machine and its process.</summary>
internal sealed record WorkerName(string Text)
{
    public static WorkerName OfThisProcess => new($"{Environment.MachineName}:{Environment.ProcessId}");
}
