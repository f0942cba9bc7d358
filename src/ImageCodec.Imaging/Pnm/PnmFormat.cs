namespace ImageCodec.Imaging.Pnm;

/// <summary>What the parts of the PNM reader share.</summary>
internal static class PnmFormat
{
    public static InvalidFileException Invalid(string problem, int offset) => new("PNM", problem, offset);

    public static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);

    /// <summary>Goes on to the end of a line.</summary>
    public static int FindLineEnd(ReadOnlySpan<byte> file, int offset)
    {
        int length = file[offset..].IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? file.Length : offset + length;
    }
}
