using SixLabors.ImageSharp.Formats;

namespace ImageCodec;

/// <summary>The <c>.icd</c> format, as ImageSharp names formats. <see cref="IcdConfigurationModule"/> registers it.</summary>
/// <remarks>Immutable, so safe to use from several threads at once.</remarks>
public sealed class IcdFormat : IImageFormat
{
    private IcdFormat()
    {
    }

    /// <summary>The only instance.</summary>
    public static IcdFormat Instance { get; } = new();

    /// <summary>«ICD».</summary>
    public string Name => "ICD";

    /// <summary><see cref="IcdFile.MediaType"/>.</summary>
    public string DefaultMimeType => IcdFile.MediaType;

    /// <summary><see cref="DefaultMimeType"/> alone.</summary>
    public IEnumerable<string> MimeTypes { get; } = [IcdFile.MediaType];

    /// <summary>«icd» alone.</summary>
    public IEnumerable<string> FileExtensions { get; } = ["icd"];
}
