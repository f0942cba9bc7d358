using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>The allocator below <see cref="NativeMemory"/>.</summary>
internal static partial class SystemAllocator
{
    private static volatile bool s_canTrim = OperatingSystem.IsLinux();

    /// <summary>That of Linux keeps for ever what lies freed between blocks in use, unless it is asked. Others give it back themselves, or can't be asked.</summary>
    public static void Trim()
    {
        try
        {
            if (s_canTrim)
            {
                _ = TrimHeap(0);
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            s_canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimHeap(nuint padding);
}
