using System.Runtime.InteropServices;
using TorchSharp;

namespace ImageCodec.TorchSharp.Tests;

/// <summary>Where TorchSharp's native library can't be loaded, all tests are left out, and the run says why.</summary>
[SetUpFixture]
public class NativeTorch
{
    /// <summary>Asks the loader itself: TorchSharp would copy packages about, and name one that it misses.</summary>
    [OneTimeSetUp]
    public void Load()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            Assert.Ignore($"TorchSharp's native library can't be loaded. {e.Message}");
        }

        // Threads that wait for each other spin, which takes very long beside other tests.
        torch.set_num_threads(1);
    }
}
