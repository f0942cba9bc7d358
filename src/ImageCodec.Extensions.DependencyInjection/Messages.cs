using Microsoft.Extensions.Logging;

namespace ImageCodec;

/// <summary>What is logged.</summary>
internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Information, "Loaded the model {Source} ({Fingerprint}) in {Milliseconds:0} ms")]
    public static partial void Loaded(ILogger logger, string source, CodecFingerprint fingerprint, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Compressed {Width}×{Height} to {Bytes} bytes, {BitsPerPixel:0.000} bpp, in {Milliseconds:0} ms")]
    public static partial void Compressed(ILogger logger, int width, int height, int bytes, double bitsPerPixel, double milliseconds);

    [LoggerMessage(3, LogLevel.Information, "Restored {Width}×{Height} in {Milliseconds:0} ms")]
    public static partial void Restored(ILogger logger, int width, int height, double milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "Refused a file: {Problem}")]
    public static partial void Refused(ILogger logger, string problem);
}
