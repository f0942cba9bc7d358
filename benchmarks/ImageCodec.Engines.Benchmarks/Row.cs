namespace ImageCodec.Engines.Benchmarks;

/// <summary>The engines in the order of their columns.</summary>
internal enum Engine
{
    ImageCodec,
    OnnxRuntime,
    LibTorch,
}

/// <summary>A row of the table.</summary>
/// <param name="Model">The model.</param>
/// <param name="What">The part of it.</param>
/// <param name="Batch">Pictures at a time.</param>
/// <param name="Entries">Who computes it; the library itself first.</param>
internal sealed record Row(string Model, string What, int Batch, IReadOnlyList<Entry> Entries);

/// <summary>A way in which an engine can compute a row. An engine may have several; the fastest counts.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Makers">Make contenders; the first whose output is right is timed.</param>
internal sealed record Entry(Engine Engine, params Func<IContender>[] Makers);
