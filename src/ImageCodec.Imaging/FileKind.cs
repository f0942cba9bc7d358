using ImageCodec.Imaging.Jpeg;
using ImageCodec.Imaging.Png;
using ImageCodec.Imaging.Pnm;

namespace ImageCodec.Imaging;

/// <summary>Tells files of a kind by their beginnings.</summary>
internal delegate bool FileRecogniser(ReadOnlySpan<byte> beginning);

/// <summary>A kind of files that is looked for in folders.</summary>
/// <param name="Name">What one of them is called.</param>
/// <param name="Endings">Their usual endings, with dots.</param>
/// <param name="Recognises">Whether a file is one of them, whatever its name.</param>
internal sealed record FileKind(string Name, IReadOnlyList<string> Endings, FileRecogniser Recognises)
{
    /// <summary>Pictures.</summary>
    public static FileKind Picture { get; } = new("picture", [".png", ".jpg", ".jpeg", ".ppm", ".pgm", ".pnm", ".pbm", ".pam", ".webp", ".gif", ".bmp"], IsPicture);

    /// <summary>Compressed pictures.</summary>
    public static FileKind Icd { get; } = new(".icd file", [IcdFile.Extension], IcdFile.IsIcd);

    /// <summary>Whether a name has one of the endings.</summary>
    public bool HasEnding(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Pictures of formats that are not read count too, so that whoever reads them names them.</summary>
    private static bool IsPicture(ReadOnlySpan<byte> beginning) =>
        PngReader.Recognises(beginning)
        || JpegReader.Recognises(beginning)
        || (PnmReader.Recognises(beginning) && IsPnmHeader(beginning[1..]))
        || OtherFormat.Find(beginning) is { IsPhoto: true };

    /// <summary>Two letters alone could begin a text.</summary>
    private static bool IsPnmHeader(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> rest = header[1..].TrimStart(" \t\r\n"u8);
        return rest.Length < header.Length - 1
            && (header[0] == '7' ? rest.IndexOf("WIDTH"u8) >= 0 : rest is [(byte)'#' or (>= (byte)'0' and <= (byte)'9'), ..]);
    }
}
