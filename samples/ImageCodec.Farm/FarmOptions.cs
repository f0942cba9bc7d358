namespace ImageCodec.Farm;

/// <summary>How one worker process works.</summary>
internal sealed record FarmOptions
{
    /// <summary>Pictures that are compressed at once, each on one thread.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Pixels of the largest picture that is taken.</summary>
    public int MaxPixelCount { get; init; } = 100_000_000;

    /// <summary>Bytes for all pictures that are compressed at once; the other half is for the heap's own needs.</summary>
    public long MaxMemory { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>The address of the dashboard; null for none.</summary>
    public string? Dashboard { get; init; }

    /// <summary>Whether the process ends when no job is left.</summary>
    public bool UntilDone { get; init; }
}
