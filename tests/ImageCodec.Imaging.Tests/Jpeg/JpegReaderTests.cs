namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>Files that are wrong in one way each.</summary>
public sealed class JpegReaderTests
{
    private const string Baseline = "baseline-420";
    private const string Progressive = "progressive-420";

    public static IEnumerable<TestCaseData> BadMarkers()
    {
        static JpegParts Good() => JpegParts.Of(Baseline);
        yield return Case("nothing but the beginning", [0xFF, 0xD8, 0xFF], "end marker (FFD9) is missing");
        yield return Case("no marker", [0xFF, 0xD8, 0xFF, 0xFE, 0, 2, 0x12, 0x34], "end marker (FFD9) is missing");
        yield return Case("FF00 between segments", [0xFF, 0xD8, 0xFF, 0xFE, 0, 2, 0xFF, 0], "end marker (FFD9) is missing");
        yield return Case("length 1", [0xFF, 0xD8, 0xFF, 0xDB, 0, 1, 0xFF, 0xD9], "says that it has 1 bytes");
        yield return Case("length beyond the file", [0xFF, 0xD8, 0xFF, 0xE0, 1, 0, 0xFF, 0xD9], "needs 256 bytes");
        yield return Case("end right away", [0xFF, 0xD8, 0xFF, 0xD9], "without a frame header");
        yield return Case("no frame", Good().Without(JpegParts.Sof0).Build(), "before the frame header");
        yield return Case("no scan", Good().Without(JpegParts.Sos).Build(), "without a scan of the component 1");
        yield return Case("two frames", Good().InsertBefore(JpegParts.Sos, JpegParts.Sof0, Good().First(JpegParts.Sof0).Data).Build(), "second frame header");
        yield return Case("a second SOI", Good().Insert(0, 0xD8).Build(), "second picture");
        foreach ((byte marker, string words) in new (byte, string)[]
        {
            (0xC3, "lossless JPEG"), (0xC5, "hierarchical"), (0xC6, "hierarchical"), (0xC7, "hierarchical"), (0xC9, "arithmetic coding"), (0xCA, "arithmetic coding"),
            (0xCB, "lossless JPEG with arithmetic"), (0xCD, "hierarchical"), (0xCE, "hierarchical"), (0xCF, "hierarchical"), (0xDE, "hierarchical"), (0xDF, "hierarchical"),
            (0xF7, "JPEG-LS"), (0xBF, "reserved"), (0xC8, "reserved"), (0xF0, "reserved"), (0xFD, "reserved"),
        })
        {
            yield return Case($"marker FF{marker:X2}", Good().InsertBefore(JpegParts.Sof0, marker, Good().First(JpegParts.Sof0).Data).Build(), words);
        }
    }

    public static IEnumerable<TestCaseData> BadFrames()
    {
        static byte[] With(Action<byte[]> change) => JpegParts.Of(Baseline).Change(JpegParts.Sof0, change).Build();
        static byte[] WithComponents(params byte[] components)
        {
            JpegParts parts = JpegParts.Of(Baseline);
            JpegPart frame = parts.First(JpegParts.Sof0);
            frame.Data = [.. frame.Data[..5], (byte)(components.Length / 3), .. components];
            return parts.Build();
        }

        yield return Case("12 bits", With(frame => frame[0] = 12), "12 bits");
        yield return Case("16 bits", With(frame => frame[0] = 16), "16 bits");
        yield return Case("no rows", With(frame => frame[1] = frame[2] = 0), "DNL");
        yield return Case("no columns", With(frame => frame[3] = frame[4] = 0), "0×29");
        yield return Case("65535×65535", With(frame => frame.AsSpan(1, 4).Fill(255)), "65535×65535");
        yield return Case("10000×10000 with a few bytes of data", With(frame => (frame[1], frame[2], frame[3], frame[4]) = (0x27, 0x10, 0x27, 0x10)), "take at least");
        yield return Case("no components", WithComponents(), "0 components");
        yield return Case("five components", WithComponents([.. Enumerable.Range(1, 5).SelectMany(id => new byte[] { (byte)id, 0x11, 0 })]), "5 components");
        yield return Case("two components", WithComponents(1, 0x11, 0, 2, 0x11, 0), "2 components");
        yield return Case("four components", WithComponents(1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0), "without a scan of the component 4");
        yield return Case("header too short", JpegParts.Of(Baseline).Change(JpegParts.Sof0, frame => frame[5] = 4).Build(), "15 bytes instead of");
        foreach (byte factors in new byte[] { 0x01, 0x10, 0x51, 0x15, 0xFF })
        {
            yield return Case($"factors {factors:X2}", With(frame => frame[7] = factors), $"sampling factors {factors >> 4} and {factors & 15}");
        }

        yield return Case("factors 3 and 2", With(frame => (frame[7], frame[10]) = (0x31, 0x21)), "2×1 beside 3×1; only whole multiples");
        yield return Case("factors 4 and 3", With(frame => (frame[7], frame[10]) = (0x14, 0x13)), "only whole multiples");
        yield return Case("quantization table 4", With(frame => frame[8] = 4), "quantization table 4");

    }

    public static IEnumerable<TestCaseData> BadTables()
    {
        static byte[] With(byte marker, Action<byte[]> change) => JpegParts.Of(Baseline).Change(marker, change).Build();
        static byte[] Cut(byte marker, int length)
        {
            JpegParts parts = JpegParts.Of(Baseline);
            parts.First(marker).Data = parts.First(marker).Data[..length];
            return parts.Build();
        }

        yield return Case("no DQT", JpegParts.Of(Baseline).Without(JpegParts.Dqt).Build(), "quantization table 0, which");
        yield return Case("precision 2", With(JpegParts.Dqt, data => data[0] = 0x20), "precision 2");
        yield return Case("number 4", With(JpegParts.Dqt, data => data[0] = 4), "number 4");
        yield return Case("short DQT", Cut(JpegParts.Dqt, 64), "needs 65 bytes, but the segment has 64");
        yield return Case("short DQT of 16 bits", With(JpegParts.Dqt, data => data[0] = 0x10), "needs 129 bytes");

        yield return Case("no DHT in a progressive file", JpegParts.Of(Progressive).Without(JpegParts.Dht).Build(), "DC Huffman table 0, which");
        yield return Case("class 2", With(JpegParts.Dht, data => data[0] = 0x20), "class 2");
        yield return Case("Huffman table 4", With(JpegParts.Dht, data => data[0] = 4), "number 4");
        yield return Case("short DHT", Cut(JpegParts.Dht, 16), "needs 17 bytes");
        yield return Case("short symbols", Cut(JpegParts.Dht, 20), "needs 29 bytes");
        yield return Case("257 codes", With(JpegParts.Dht, data => (data[8], data[9]) = (255, 255)), "only 256 symbols");
        yield return Case("three codes of 1 bit", With(JpegParts.Dht, data => (data[1], data[3]) = (3, 2)), "more codes of 1 bits");
        yield return Case("DC difference of 16 bits", With(JpegParts.Dht, data => data[20] = 16), "DC Huffman table has the symbol 16");
        yield return Case("DRI of 3 bytes", JpegParts.Of(Baseline).Insert(0, JpegParts.Dri, 0, 0, 1).Build(), "DRI has 3 bytes");
    }

    public static IEnumerable<TestCaseData> BadScans()
    {
        static byte[] With(string fixture, Action<byte[]> change) => JpegParts.Of(fixture).Change(JpegParts.Sos, change).Build();
        static byte[] WithData(string fixture, Func<byte[], byte[]> change)
        {
            JpegParts parts = JpegParts.Of(fixture);
            JpegPart scan = parts.First(JpegParts.Sos);
            scan.Behind = change(scan.Behind);
            return parts.Build();
        }

        // The second scan of all progressive files of the fixtures has coefficients 1 to 5 of Y.
        static byte[] WithSecond(Action<byte[]> change)
        {
            JpegParts parts = JpegParts.Of(Progressive);
            change(parts.Parts.Where(part => part.Marker == JpegParts.Sos).ElementAt(1).Data);
            return parts.Build();
        }

        yield return Case("component of no frame", With(Baseline, scan => scan[3] = 9), "component 9, which the frame has not");
        yield return Case("component twice", With(Baseline, scan => scan[3] = 1), "component 1 twice");
        yield return Case("no components", With(Baseline, scan => scan[0] = 0), "scan header");
        yield return Case("wrong length", With(Baseline, scan => scan[0] = 2), "scan header");
        yield return Case("DC table 5", With(Baseline, scan => scan[2] = 0x50), "DC Huffman table 5, which");
        yield return Case("cut data", WithData(Baseline, data => data[..^20]), "ends");
        yield return Case("no data", WithData(Baseline, _ => []), "take at least");
        yield return Case("marker in the data", WithData(Baseline, data => [.. data[..100], 0xFF, 0xD9, .. data[100..]]), "ends");
        yield return Case("wrong restart marker", WithData("restart-1", data => Replace(data, 0xD1, 0xD2)), "restart marker FFD1 was expected here, but FFD2");
        yield return Case("restart marker missing", WithData("restart-1", data => Remove(data, 0xD1)), "restart marker FFD1");
        yield return Case("surplus data before a restart marker", WithData("restart-1", data => Extend(data, 0xD1)), "there is more data");
        yield return Case("scan twice", Repeated(Baseline, 0), "each bit must come once");
        yield return Case("component missing", WithoutLastScan("one-component-a-scan"), "without a scan of the component 2");

        yield return Case("all coefficients in a progressive scan", With(Progressive, scan => scan[8] = 63), "coefficients 0 to 63");
        yield return Case("band turned round", WithSecond(scan => (scan[3], scan[4]) = (5, 1)), "coefficients 5 to 1");
        yield return Case("band beyond 63", WithSecond(scan => scan[4] = 64), "coefficients 1 to 64");
        yield return Case("DC after AC", WithoutFirstScan(Progressive), "AC coefficients instead of the DC");
        yield return Case("refinement of two bits", WithSecond(scan => scan[5] = 0x20), "from 2 missing bits to 0");
        yield return Case("14 missing bits", WithSecond(scan => scan[5] = 0x0E), "from 0 missing bits to 14");
        yield return Case("refinement of what has not come", WithSecond(scan => scan[5] = 0x32), "each bit must come once");
        yield return Case("band twice", Repeated(Progressive, 1), "each bit must come once");
    }

    [TestCaseSource(nameof(BadMarkers))]
    [TestCaseSource(nameof(BadFrames))]
    [TestCaseSource(nameof(BadTables))]
    [TestCaseSource(nameof(BadScans))]
    public void Refuses_and_says_why(byte[] file, string words)
    {
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        Assert.That(e.Message, Does.StartWith("JPEG").And.Contain(words));
        Assert.That(e.Offset, Is.InRange(0, file.Length));
    }

    [Test]
    public void A_scan_of_more_than_ten_blocks_an_MCU_is_refused()
    {
        byte[] file = JpegParts.Of("baseline-444").Change(JpegParts.Sof0, frame => frame[7] = frame[10] = frame[13] = 0x22).Build();

        InvalidFileException e = Assert.Throws<InvalidFileException>(() => ImageFile.Read(file));

        Assert.That(e.Message, Does.Contain("12 blocks an MCU"));
    }

    private static TestCaseData Case(string name, byte[] file, string words) =>
        new TestCaseData(file, words).SetArgDisplayNames(name);

    private static int Restart(byte[] data, byte marker) => data.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);

    private static byte[] Replace(byte[] data, byte marker, byte other)
    {
        data[Restart(data, marker) + 1] = other;
        return data;
    }

    private static byte[] Remove(byte[] data, byte marker)
    {
        int at = Restart(data, marker);
        return [.. data[..at], .. data[(at + 2)..]];
    }

    private static byte[] Extend(byte[] data, byte marker)
    {
        int at = Restart(data, marker);
        return [.. data[..at], 0x55, 0x55, .. data[at..]];
    }

    private static byte[] Repeated(string fixture, int scan)
    {
        JpegParts parts = JpegParts.Of(fixture);
        JpegPart part = parts.Parts.Where(part => part.Marker == JpegParts.Sos).ElementAt(scan);
        return parts.Append(part.Marker, part.Data, part.Behind).Build();
    }

    private static byte[] WithoutFirstScan(string fixture)
    {
        JpegParts parts = JpegParts.Of(fixture);
        parts.Parts.Remove(parts.First(JpegParts.Sos));
        return parts.Build();
    }

    private static byte[] WithoutLastScan(string fixture)
    {
        JpegParts parts = JpegParts.Of(fixture);
        parts.Parts.Remove(parts.Parts.Last(part => part.Marker == JpegParts.Sos));
        return parts.Build();
    }
}
