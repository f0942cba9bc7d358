namespace ImageCodec;

/// <summary>The models that come with the library, each loaded once for the process, when first needed.</summary>
internal static class PretrainedCompressors
{
    private static readonly Dictionary<string, ImageCompressor> Loaded = [];

    public static ImageCompressor Get(string name)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out ImageCompressor? compressor))
            {
                compressor = ImageCompressor.LoadPretrained(name);
                Loaded.Add(name, compressor);
            }

            return compressor;
        }
    }
}
