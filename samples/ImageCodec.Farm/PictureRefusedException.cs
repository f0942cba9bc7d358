namespace ImageCodec.Farm;

/// <summary>A picture is not taken, now or later: its job is set aside with this reason.</summary>
internal sealed class PictureRefusedException(string reason) : Exception(reason);
