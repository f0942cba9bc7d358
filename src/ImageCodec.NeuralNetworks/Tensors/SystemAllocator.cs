using System.Runtime.InteropServices;

namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// Blocks of native memory. The allocator of Linux keeps large ones that were freed in a heap for each thread, where they add up to hundreds of megabytes; so there they come
/// from the system itself, and go back to it at once.
/// </summary>
internal static unsafe partial class SystemAllocator
{
    private const int Alignment = 64;

    private const long LargeBytes = 1 << 20;

    private const int ReadAndWrite = 3;

    private const int PrivateAnonymous = 0x22;

    private const int LargePages = 14;

    private const int ThresholdOfMapping = -3;

    private static readonly bool s_canMap = OperatingSystem.IsLinux() && CanMap();

    /// <summary>Memory of any content, aligned to a cache line.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public static void* Allocate(long bytes)
    {
        if (!IsMapped(bytes))
        {
            return NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        }

        void* block = Map(null, (nuint)bytes, ReadAndWrite, PrivateAnonymous, -1, 0);
        if ((nint)block == -1)
        {
            throw new InsufficientMemoryException($"The system has no {bytes} bytes of memory.");
        }

        // To fetch pages one by one takes a twentieth of a large picture's time. Where there are no large ones, nothing happens.
        _ = Advise(block, (nuint)bytes, LargePages);
        return block;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave for that size.</summary>
    public static void Free(void* block, long bytes)
    {
        if (IsMapped(bytes))
        {
            _ = Unmap(block, (nuint)bytes);
        }
        else
        {
            NativeMemory.AlignedFree(block);
        }
    }

    /// <summary>
    /// Has the allocator of the whole process take its own large blocks from the system too, for services: of the libraries that read pictures, it would keep up to 64 MB for each
    /// thread. Where it can't be told, nothing happens.
    /// </summary>
    public static void KeepLittle()
    {
        try
        {
            if (s_canMap)
            {
                _ = SetOption(ThresholdOfMapping, (int)LargeBytes);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than that of GNU; it keeps less.
        }
    }

    private static bool IsMapped(long bytes) => bytes >= LargeBytes && s_canMap;

    private static bool CanMap()
    {
        try
        {
            void* block = Map(null, (nuint)LargeBytes, ReadAndWrite, PrivateAnonymous, -1, 0);
            return (nint)block != -1 && Unmap(block, (nuint)LargeBytes) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
