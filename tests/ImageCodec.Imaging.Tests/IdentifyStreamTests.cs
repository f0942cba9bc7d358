using System.Text;
using ImageCodec.Imaging.Tests.Jpeg;

namespace ImageCodec.Imaging.Tests;

/// <summary>Headers from files and streams, of which no more is read than they need.</summary>
public sealed class IdentifyStreamTests
{
    private const int FirstStep = 64 * 1024;
    private const int LastStep = 32 * 1024 * 1024;

    private static readonly byte[] s_endless = Encoding.ASCII.GetBytes("P6 30000 20000 255\n");

    [Test]
    public async Task Nothing_is_read_behind_the_first_step_that_holds_the_header()
    {
        using EndlessStream first = new(s_endless);
        using EndlessStream second = new(s_endless);

        IdentifyTests.AssertIs(ImageFile.Identify(first), ImageFileFormat.Ppm, (30_000, 20_000));
        IdentifyTests.AssertIs(await ImageFile.IdentifyAsync(second), ImageFileFormat.Ppm, (30_000, 20_000));

        Assert.That((first.Position, second.Position), Is.EqualTo((FirstStep, FirstStep)));
        Assert.That(first.CanRead, "the stream stays open");
    }

    /// <summary>With a thumbnail and a colour profile the frame header comes late, and streams give what they have.</summary>
    [Test]
    public async Task A_long_header_is_read_in_steps()
    {
        JpegParts parts = JpegParts.Of("orientation-6");
        for (int i = 0; i < 5; i++)
        {
            parts.Insert(1, 0xE2, new byte[60_000]);
        }

        byte[] file = parts.Build();
        ImageFileInfo info = ImageFile.Identify(file);
        using TrickleStream first = new(file);
        using TrickleStream second = new(file);

        IdentifyTests.AssertIs(ImageFile.Identify(first), ImageFileFormat.Jpeg, (info.Width, info.Height));
        IdentifyTests.AssertIs(await ImageFile.IdentifyAsync(second), ImageFileFormat.Jpeg, (info.Width, info.Height));

        // Cut inside the long part, the error is that of the bytes.
        byte[] cut = file[..200_000];
        InvalidFileException expected = Assert.Throws<InvalidFileException>(() => ImageFile.Identify(cut));
        Assert.That(() => ImageFile.Identify(new MemoryStream(cut)), Throws.TypeOf<InvalidFileException>().With.Message.EqualTo(expected.Message));
        Assert.That(async () => await ImageFile.IdentifyAsync(new MemoryStream(cut)), Throws.TypeOf<InvalidFileException>().With.Message.EqualTo(expected.Message));
    }

    [Test]
    public void An_endless_header_is_given_up()
    {
        using EndlessStream comment = new(Encoding.ASCII.GetBytes("P6 30000 #"));

        Assert.That(() => ImageFile.Identify(comment), Throws.TypeOf<InvalidFileException>().With.Message.Contains("no whole and sound header"));
        Assert.That(comment.Position, Is.EqualTo(LastStep));
    }

    [Test]
    public void An_endless_file_of_another_format_is_refused_at_once()
    {
        using EndlessStream other = new([1, 2, 3]);

        Assert.That(() => ImageFile.Identify(other), Throws.TypeOf<InvalidFileException>().With.Message.Contains("010203"));
        Assert.That(other.Position, Is.EqualTo(FirstStep));
    }

    [Test]
    public async Task Files_are_identified()
    {
        string path = Path.Combine(Path.GetTempPath(), $"imagecodec-{Guid.NewGuid():N}.ppm");
        try
        {
            // The contents say what it is, not the name.
            ImageFile.Write(path, TestPictures.Noise(300, 200, 1), ImageFileFormat.Png);
            IdentifyTests.AssertIs(ImageFile.Identify(path), ImageFileFormat.Png, (300, 200));
            IdentifyTests.AssertIs(await ImageFile.IdentifyAsync(path), ImageFileFormat.Png, (300, 200));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Mistakes_are_thrown_at_once_and_bad_files_by_the_task()
    {
        string none = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Assert.That(() => ImageFile.Identify(""), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
        Assert.That(() => ImageFile.Identify((Stream)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source"));
        Assert.That(() => { _ = ImageFile.IdentifyAsync(""); }, Throws.ArgumentException);
        Assert.That(() => { _ = ImageFile.IdentifyAsync((Stream)null!); }, Throws.ArgumentNullException);
        Assert.That(() => ImageFile.Identify(none), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => ImageFile.Identify(Path.GetTempPath()), Throws.TypeOf<UnauthorizedAccessException>());
        Assert.That(async () => await ImageFile.IdentifyAsync(none), Throws.TypeOf<FileNotFoundException>());
        Assert.That(async () => await ImageFile.IdentifyAsync(new MemoryStream([1, 2, 3])), Throws.TypeOf<InvalidFileException>());
        Assert.That(
            async () => await ImageFile.IdentifyAsync(new EndlessStream(s_endless), new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Gives one byte, or a few, at a time, as a network does.</summary>
    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + (int)(Position % 500))]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (int)(Position % 500))], cancellationToken);
    }

    /// <summary>Some bytes, and then the letter x for ever.</summary>
    private sealed class EndlessStream(byte[] beginning) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++, Position++)
            {
                buffer[offset + i] = Position < beginning.Length ? beginning[Position] : (byte)'x';
            }

            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
