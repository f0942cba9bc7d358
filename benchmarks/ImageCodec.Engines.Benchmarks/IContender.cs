namespace ImageCodec.Engines.Benchmarks;

/// <summary>An engine that is ready to compute a row, its weights and its input in place.</summary>
internal interface IContender : IDisposable
{
    /// <summary>What is particular to this way of computing it; empty if nothing is.</summary>
    string Note { get; }

    /// <summary>Computes it: what is timed.</summary>
    void Run();

    /// <summary>What the last run gave, pictures as the library keeps them, channels side by side.</summary>
    float[] Output();
}
