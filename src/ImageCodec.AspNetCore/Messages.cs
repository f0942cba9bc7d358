using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageCodec.AspNetCore;

/// <summary>What is logged.</summary>
internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Error, "Could not restore the picture for {Path}: {Problem}")]
    public static partial void NotRestored(ILogger logger, PathString path, string problem);

    [LoggerMessage(2, LogLevel.Information, "Refused an upload with {Status}: {Problem}")]
    public static partial void Refused(ILogger logger, int status, string problem);

    [LoggerMessage(3, LogLevel.Information, "Compressed an upload of {Width}×{Height} from {UploadBytes} to {Bytes} bytes in {Milliseconds:0} ms")]
    public static partial void Compressed(ILogger logger, int width, int height, int uploadBytes, int bytes, double milliseconds);
}
