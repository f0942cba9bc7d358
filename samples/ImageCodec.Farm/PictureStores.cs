using System.Collections.Concurrent;

namespace ImageCodec.Farm;

/// <summary>The stores that orders name, each opened once: a folder, or <c>s3://bucket/prefix</c>.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class PictureStores
{
    private static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".pbm", ".pgm", ".ppm", ".pam", ".pnm"];

    private readonly ConcurrentDictionary<string, Lazy<IPictureStore>> _open = new(StringComparer.Ordinal);

    /// <summary>A name of a store that means the same in every process: of a folder its whole path.</summary>
    public static string FullName(string store) => BucketStore.IsAddress(store) ? store : Path.GetFullPath(store);

    /// <summary>Whether a name has the ending of a picture that is listed.</summary>
    public static bool IsPicture(string name) => s_endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    public IPictureStore Get(string store) => _open.GetOrAdd(store, _ => new Lazy<IPictureStore>(() => Open(store))).Value;

    private static IPictureStore Open(string store) => BucketStore.IsAddress(store) ? new BucketStore(store) : new FolderStore(store);
}
