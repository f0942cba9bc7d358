namespace ImageCodec.AspNetCore.Tests;

/// <summary>Leaves the tests out where Skia's native library is not to be had.</summary>
[SetUpFixture]
public sealed class NativePart
{
    [OneTimeSetUp]
    public void Load() => new Skia.Tests.NativeLibrary().Load();
}
