namespace ImageCodec.Robustness.Tests.Fuzzing;

/// <summary>Changes JPEG files segment by segment, with right lengths, and the numbers of their headers.</summary>
internal static class JpegMutator
{
    private const byte StartOfScan = 0xDA;

    public static byte[] Mutate(byte[] input, byte[] other, Mutator mutator)
    {
        List<Segment> segments = Parse(input);
        List<Segment> others = Parse(other);
        mutator.MutateParts(segments, others, segment => Mutate(segment, others, mutator));
        List<byte> file = [0xFF, 0xD8];
        foreach (Segment segment in segments)
        {
            int length = segment.Data.Length + 2;
            file.AddRange([0xFF, segment.Marker, (byte)(length >> 8), (byte)length]);
            file.AddRange(segment.Data);
            file.AddRange(segment.Scan);
        }

        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    private static Segment Mutate(Segment segment, List<Segment> others, Mutator mutator)
    {
        Segment? source = others.Find(candidate => candidate.Marker == segment.Marker);
        if (segment.Marker == StartOfScan && mutator.Chance(60))
        {
            return segment with { Scan = mutator.Mutate(segment.Scan, source?.Scan ?? []) };
        }

        if (mutator.Chance(50) && segment.Data.Length > 0)
        {
            // One number of a header, which mostly has few sensible values.
            byte[] data = [.. segment.Data];
            data[mutator.Next(Math.Min(data.Length, 20))] = (byte)mutator.Number();
            return segment with { Data = data };
        }

        return mutator.Chance(10)
            ? segment with { Marker = (byte)(0xC0 + mutator.Next(0x40)) }
            : segment with { Data = mutator.Mutate(segment.Data, source?.Data ?? []) };
    }

    private static List<Segment> Parse(byte[] file)
    {
        List<Segment> segments = [];
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            byte marker = file[at + 1];
            int length = (file[at + 2] << 8) | file[at + 3];
            if (length < 2 || at + 2 + length > file.Length)
            {
                break;
            }

            int dataEnd = at + 2 + length;
            int end = dataEnd;
            if (marker == StartOfScan)
            {
                while (end + 1 < file.Length && !(file[end] == 0xFF && file[end + 1] is not (0 or (>= 0xD0 and <= 0xD7))))
                {
                    end++;
                }
            }

            segments.Add(new Segment(marker, file[(at + 4)..dataEnd], file[dataEnd..end]));
            at = end;
        }

        return segments;
    }

    /// <param name="Marker">The second byte of the marker.</param>
    /// <param name="Data">What the length counts, without it.</param>
    /// <param name="Scan">Entropy-coded data behind it, with the restart markers in them.</param>
    private sealed record Segment(byte Marker, byte[] Data, byte[] Scan);
}
