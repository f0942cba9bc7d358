using System.Buffers.Binary;

namespace ImageCodec.Imaging.Tests.Jpeg;

/// <summary>A JPEG file taken apart at its markers, to be changed and put together again, with every length right unless a test wants it wrong.</summary>
internal sealed class JpegParts
{
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;
    public const byte Dht = 0xC4;
    public const byte Dqt = 0xDB;
    public const byte Dri = 0xDD;
    public const byte Sof0 = 0xC0;
    public const byte Sof2 = 0xC2;
    public const byte Sos = 0xDA;

    private JpegParts(List<JpegPart> parts) => Parts = parts;

    /// <summary>The segments between SOI and EOI.</summary>
    public List<JpegPart> Parts { get; }

    public static JpegParts Of(string fixture) => Of(JpegFixtureTests.File(fixture));

    public static JpegParts Of(ReadOnlySpan<byte> file)
    {
        List<JpegPart> parts = [];
        int at = 2;
        while (file[at + 1] != 0xD9)
        {
            byte marker = file[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            int end = at + 2 + length;
            int dataEnd = end;
            while (marker == Sos && !(file[dataEnd] == 0xFF && file[dataEnd + 1] is not (0 or (>= 0xD0 and <= 0xD7))))
            {
                dataEnd++;
            }

            parts.Add(new JpegPart(marker, file[(at + 4)..end].ToArray(), file[end..dataEnd].ToArray()));
            at = dataEnd;
        }

        return new JpegParts(parts);
    }

    public JpegPart First(byte marker) => Parts.First(part => part.Marker == marker);

    public JpegParts Without(byte marker)
    {
        Parts.RemoveAll(part => part.Marker == marker);
        return this;
    }

    public JpegParts Insert(int index, byte marker, params byte[] data)
    {
        Parts.Insert(index, new JpegPart(marker, data, []));
        return this;
    }

    public JpegParts InsertBefore(byte next, byte marker, params byte[] data) => Insert(Parts.FindIndex(part => part.Marker == next), marker, data);

    public JpegParts Append(byte marker, byte[] data, params byte[] behind)
    {
        Parts.Add(new JpegPart(marker, data, behind));
        return this;
    }

    /// <summary>Changes the contents of the first such segment.</summary>
    public JpegParts Change(byte marker, Action<byte[]> change)
    {
        change(First(marker).Data);
        return this;
    }

    public byte[] Build()
    {
        List<byte> file = [0xFF, 0xD8];
        foreach (JpegPart part in Parts)
        {
            int length = 2 + part.Data.Length + part.LengthError;
            file.AddRange([0xFF, part.Marker, (byte)(length >> 8), (byte)length, .. part.Data, .. part.Behind]);
        }

        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }
}

/// <summary>A segment, and the entropy-coded data behind it if it is a scan header.</summary>
internal sealed class JpegPart(byte marker, byte[] data, byte[] behind)
{
    public byte Marker { get; set; } = marker;

    public byte[] Data { get; set; } = data;

    public byte[] Behind { get; set; } = behind;

    /// <summary>What the segment's stated length has too much.</summary>
    public int LengthError { get; set; }
}
