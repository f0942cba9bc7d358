namespace ImageCodec.Imaging.Png;

/// <summary>The data of all IDAT chunks as one stream, read in place. The file's bytes must stay pinned while it is used.</summary>
internal sealed unsafe class ImageDataStream(byte* file, IReadOnlyList<(int Offset, int Length)> pieces) : Stream
{
    private int _piece;
    private int _position;

    /// <summary>
    /// Whether more was asked for than there is. The platform's inflater takes the end of its input for the end of the data;
    /// this tells a stream that is whole from one that is cut off.
    /// </summary>
    public bool AskedPastEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        while (read < buffer.Length && _piece < pieces.Count)
        {
            (int offset, int length) = pieces[_piece];
            int count = Math.Min(length - _position, buffer.Length - read);
            new ReadOnlySpan<byte>(file + offset + _position, count).CopyTo(buffer[read..]);
            read += count;
            _position += count;
            if (_position == length)
            {
                _piece++;
                _position = 0;
            }
        }

        AskedPastEnd |= read == 0 && !buffer.IsEmpty;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
