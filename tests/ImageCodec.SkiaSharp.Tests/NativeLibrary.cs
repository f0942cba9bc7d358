using SkiaSharp;

namespace ImageCodec.Skia.Tests;

/// <summary>Leaves the tests out where Skia's native library is not to be had.</summary>
[SetUpFixture]
public sealed class NativeLibrary
{
    [OneTimeSetUp]
    public void Load()
    {
        try
        {
            using SKBitmap one = new(1, 1);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            Assert.Ignore($"Skia's native library can't be loaded: {(e.InnerException ?? e).Message}");
        }
    }
}
