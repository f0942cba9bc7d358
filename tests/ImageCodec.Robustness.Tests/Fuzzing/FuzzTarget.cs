namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>A reader that is given damaged inputs.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Seeds">Sound inputs, small ones.</param>
/// <param name="Read">Reads an input; anything but success or <see cref="InvalidFileException"/> is a fault.</param>
/// <param name="MutateInside">
/// Changes an input by what it means (first argument; the second is another input to take parts from) and makes its checksums and
/// lengths good again, so that what lies behind them is reached. Null where there are none.
/// </param>
/// <param name="BaseMemory">Managed bytes that reading may allocate for any input.</param>
/// <param name="MemoryPerByte">Managed bytes that it may allocate for each byte of the input.</param>
internal sealed record FuzzTarget(
    string Name,
    IReadOnlyList<byte[]> Seeds,
    Action<byte[]> Read,
    Func<byte[], byte[], Mutator, byte[]>? MutateInside,
    long BaseMemory,
    long MemoryPerByte)
{
    public override string ToString() => Name;
}
