namespace ImageCodec.Imaging.Png;

/// <summary>Cuts the compressed rows into IDAT chunks, so that no more than one of them has to be held; the last is written when this is disposed.</summary>
internal sealed class ImageDataWriter(Stream stream) : Stream
{
    private readonly byte[] _data = new byte[1 << 16];
    private int _count;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, _data.Length - _count);
            buffer[..count].CopyTo(_data.AsSpan(_count));
            _count += count;
            buffer = buffer[count..];
            if (_count == _data.Length)
            {
                WriteChunk();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: a chunk is written when it is full, whenever the compressor flushes.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _count > 0)
        {
            WriteChunk();
        }

        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        int count = _count;
        _count = 0;
        PngWriter.WriteChunk(stream, PngFormat.Idat, _data.AsSpan(0, count));
    }
}
