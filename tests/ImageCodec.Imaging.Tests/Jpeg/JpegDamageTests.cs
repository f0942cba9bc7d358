using System.Diagnostics;

namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>Files damaged at random or made to do harm: a picture or the one exception, soon, and without much memory.</summary>
public sealed class JpegDamageTests
{
    /// <summary>Far more than any of these small files takes, even on a busy machine.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    [TestCase("baseline-420")]
    [TestCase("progressive-420")]
    [TestCase("restart-1")]
    [TestCase("one-component-a-scan")]
    [TestCase("grey")]
    [TestCase("orientation-6")]
    [TestCase("size-1x1")]
    public void Cut_at_any_byte_before_the_end_marker_is_refused(string fixture)
    {
        byte[] file = JpegFixtureTests.File(fixture);
        for (int length = 0; length < file.Length - 2; length++)
        {
            Assert.Throws<InvalidFileException>(() => ImageFile.Read(file.AsSpan(0, length)), $"cut at {length}");
        }
    }

    [TestCase("baseline-420")]
    [TestCase("progressive-422")]
    [TestCase("restart-progressive")]
    [TestCase("orientation-7")]
    public void Any_byte_changed_gives_a_picture_or_the_one_exception(string fixture)
    {
        byte[] file = JpegFixtureTests.File(fixture);
        for (int i = 0; i < file.Length; i++)
        {
            byte right = file[i];
            foreach (int change in new[] { 1, 0x10, 0x80, 0xFF, right, right ^ 0xFF })
            {
                file[i] = (byte)(right ^ change);
                Survives(file);
            }

            file[i] = right;
        }
    }

    [Test]
    public void Parts_changed_gives_a_picture_or_the_one_exception()
    {
        Random random = new(1);
        string[] fixtures =
        [
            "baseline-420", "baseline-mixed1", "progressive-420", "many-scans", "restart-progressive", "restart-1", "grey-progressive", "one-component-a-scan", "orientation-5",
        ];
        int refused = 0;
        const int Attempts = 6000;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            JpegParts parts = JpegParts.Of(fixtures[attempt % fixtures.Length]);
            for (int change = random.Next(3); change >= 0; change--)
            {
                Mutate(parts, random, fixtures);
            }

            refused += Survives(parts.Build()) ? 0 : 1;
        }

        // Neither reader nor mutations are so strict that the inside is never reached.
        Assert.That(refused, Is.InRange(Attempts / 10, Attempts * 9 / 10));
    }

    [Test]
    public void Random_bytes_after_the_beginning_are_refused()
    {
        Random random = new(2);
        for (int attempt = 0; attempt < 3000; attempt++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            Assert.That(Survives([0xFF, 0xD8, 0xFF, .. noise]), Is.False);
        }
    }

    [TestCase("baseline-420", 2000)]
    [TestCase("progressive-420", 3000)]
    public void A_declared_size_costs_no_memory_before_it_is_checked(string fixture, int side)
    {
        JpegParts parts = JpegParts.Of(fixture);
        JpegPart frame = parts.Parts.First(part => part.Marker is JpegParts.Sof0 or JpegParts.Sof2);
        (frame.Data[1], frame.Data[2], frame.Data[3], frame.Data[4]) = ((byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side);
        byte[] file = parts.Build();
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        Assert.That(e.Message, Does.Contain("take at least"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 17));
    }

    /// <summary>Grey blocks of one bit each, then scans of end-of-band runs that pass over all of them in a few bytes.</summary>
    [Test]
    public void Passes_without_end_are_refused()
    {
        const int Side = 2048;
        const int Blocks = Side * Side / 64;
        JpegParts parts = JpegParts.Of("grey-progressive");
        parts.Parts.RemoveAll(part => part.Marker is JpegParts.Sos or JpegParts.Dht);
        parts.Change(JpegParts.Sof2, frame => (frame[1], frame[2], frame[3], frame[4]) = (Side >> 8, 0, Side >> 8, 0));

        // One code of one bit each: no DC difference, and a run of 2^14 blocks and more.
        parts.Append(JpegParts.Dht, [0, 1, .. new byte[15], 0]);
        parts.Append(JpegParts.Dht, [0x10, 1, .. new byte[15], 0xE0]);
        parts.Append(JpegParts.Sos, [1, 1, 0, 0, 0, 0], new byte[Blocks / 8]);
        for (int band = 1; band < 64; band++)
        {
            for (int missing = 13; missing >= 0; missing--)
            {
                byte bits = (byte)(((missing == 13 ? 0 : missing + 1) << 4) | missing);
                parts.Append(JpegParts.Sos, [1, 1, 0, (byte)band, (byte)band, bits], new byte[Blocks / (1 << 14) * 2]);
            }
        }

        byte[] file = parts.Build();
        Stopwatch clock = Stopwatch.StartNew();
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        Assert.That(e.Message, Does.Contain("more than 100 times"));
        Assert.That(clock.Elapsed, Is.LessThan(s_patience));
    }

    private static void Mutate(JpegParts parts, Random random, string[] fixtures)
    {
        JpegPart part = parts.Parts[random.Next(parts.Parts.Count)];
        switch (random.Next(10))
        {
            case 0:
                part.LengthError = random.Next(-3, 4);
                break;
            case 1:
                part.Marker = (byte)random.Next(0xC0, 0xFF);
                break;
            case 2:
                parts.Parts.Remove(part);
                break;
            case 3:
                parts.Parts.Insert(random.Next(parts.Parts.Count), part);
                break;
            case 4:
                JpegParts other = JpegParts.Of(fixtures[random.Next(fixtures.Length)]);
                parts.Parts.Insert(random.Next(parts.Parts.Count), other.Parts[random.Next(other.Parts.Count)]);
                break;
            case 5:
                ChangeFrame(parts, random);
                break;
            case 6:
                part.Data = part.Data[..random.Next(part.Data.Length + 1)];
                break;
            case 7:
                part.Behind = part.Behind[..random.Next(part.Behind.Length + 1)];
                break;
            case 8:
                ChangeBytes(part.Data, random);
                break;
            default:
                ChangeBytes(parts.Parts.Last(candidate => candidate.Behind.Length > 0 || candidate == parts.Parts[0]).Behind, random);
                break;
        }

        if (parts.Parts.Count == 0)
        {
            parts.Insert(0, 0xFE);
        }
    }

    private static void ChangeFrame(JpegParts parts, Random random)
    {
        if (parts.Parts.FirstOrDefault(part => part.Marker is JpegParts.Sof0 or JpegParts.Sof2) is not { Data.Length: > 7 } frame)
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            frame.Data[random.Next(1, 5)] = (byte)random.Next(random.Next(2) == 0 ? 3 : 256);
        }
        else
        {
            int component = random.Next((frame.Data.Length - 6) / 3);
            frame.Data[7 + (3 * component)] = (byte)((random.Next(1, 5) << 4) | random.Next(1, 5));
        }
    }

    private static void ChangeBytes(byte[] data, Random random)
    {
        for (int hit = random.Next(3); hit >= 0 && data.Length > 0; hit--)
        {
            ref byte target = ref data[random.Next(data.Length)];
            target = (byte)(random.Next(2) == 0 ? target ^ (1 << random.Next(8)) : random.Next(256));
        }
    }

    private static bool Survives(byte[] file)
    {
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            ImageFile.Read(file);
            return true;
        }
        catch (InvalidFileException)
        {
            return false;
        }
        finally
        {
            Assert.That(clock.Elapsed, Is.LessThan(s_patience));
        }
    }
}
