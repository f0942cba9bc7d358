namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Damaged files of every kind: whatever the bytes are, nothing but <see cref="InvalidFileException"/> escapes.</summary>
public class DamageTests
{
    private static readonly string[] Files = ["single.safetensors", "half.safetensors", "mixed.safetensors", "views.pth", "deflated.pth", "big.pth"];

    [TestCaseSource(nameof(Files))]
    public void Truncation_is_refused_at_every_byte(string name)
    {
        byte[] file = WeightFixture.Read(name);
        for (int length = 0; length < file.Length; length++)
        {
            WeightFixture.Refused(file[..length]);
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Bytes_after_the_end_of_safetensors_are_refused(string name)
    {
        byte[] file = [.. WeightFixture.Read(name), 0];
        if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            WeightFixture.Refused(file);
        }
        else
        {
            // A zip file may be followed by bytes, as far as its reader is concerned.
            ReadOrRefuse(file);
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Every_changed_byte_is_borne(string name)
    {
        byte[] file = WeightFixture.Read(name);
        for (int at = 0; at < file.Length; at++)
        {
            byte original = file[at];
            foreach (byte flip in new byte[] { 1, 2, 0x10, 0x80, 0xFF })
            {
                file[at] = (byte)(original ^ flip);
                ReadOrRefuse(file);
            }

            file[at] = original;
        }
    }

    [Test]
    public void Every_value_of_every_byte_of_a_header_is_borne()
    {
        byte[] file = WeightFixture.Read("mixed.safetensors");
        int end = 8 + BitConverter.ToInt32(file);
        for (int at = 8; at < end; at++)
        {
            byte original = file[at];
            foreach (byte value in "\0 \"\\{}[],:-.0198eEntf\x7F"u8)
            {
                file[at] = value;
                ReadOrRefuse(file);
            }

            file[at] = original;
        }
    }

    /// <summary>The zip file's checksums would hide the pickle's reader, so that here they are made anew after each change.</summary>
    [Test]
    public void Every_changed_byte_of_a_pickle_is_borne()
    {
        byte[] checkpoint = WeightFixture.Read("little.pth");
        byte[] pickle = WeightFixture.ReadEntry(checkpoint, "/data.pkl");
        for (int at = 0; at < pickle.Length; at++)
        {
            byte[] changed = [.. pickle];
            foreach (byte value in new byte[] { 0, 1, (byte)(pickle[at] ^ 1), (byte)(pickle[at] ^ 4), 0xFF, (byte)'.', (byte)'(', (byte)'t' })
            {
                changed[at] = value;
                ReadOrRefuse(WithPickle(checkpoint, changed));
            }
        }
    }

    [TestCase("views.pth", 1500)]
    [TestCase("nested.pth", 1500)]
    [TestCase("little.pth", 3000)]
    public void Random_mutations_of_pickles_are_borne(string name, int rounds)
    {
        byte[] checkpoint = WeightFixture.Read(name);
        byte[] pickle = WeightFixture.ReadEntry(checkpoint, "/data.pkl");
        Random random = new(name.Length);
        for (int round = 0; round < rounds; round++)
        {
            ReadOrRefuse(WithPickle(checkpoint, Mutate(pickle, random)));
        }
    }

    [TestCase("views.pth", 3000)]
    [TestCase("deflated.pth", 3000)]
    [TestCase("mixed.safetensors", 10_000)]
    [TestCase("single.safetensors", 10_000)]
    public void Random_mutations_of_files_are_borne(string name, int rounds)
    {
        byte[] file = WeightFixture.Read(name);
        Random random = new(rounds);
        for (int round = 0; round < rounds; round++)
        {
            ReadOrRefuse(Mutate(file, random));
        }
    }

    private static byte[] WithPickle(byte[] checkpoint, byte[] pickle) =>
        WeightFixture.Repack(checkpoint, (name, bytes) => name.EndsWith("/data.pkl", StringComparison.Ordinal) ? pickle : bytes);

    /// <summary>Changes, takes out, doubles or moves a few bytes.</summary>
    private static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> mutant = [.. bytes];
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int at = random.Next(mutant.Count);
            int length = Math.Min(random.Next(1, 20), mutant.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1 when mutant.Count > 40:
                    mutant.RemoveRange(at, length);
                    break;
                case 2:
                    mutant.InsertRange(random.Next(mutant.Count), mutant.GetRange(at, length));
                    break;
                default:
                    mutant[at] = mutant[random.Next(mutant.Count)];
                    break;
            }
        }

        return [.. mutant];
    }

    private static void ReadOrRefuse(byte[] file)
    {
        try
        {
            WeightsFile.Read(file);
        }
        catch (InvalidFileException)
        {
            // The only exception that may come of bytes; any other fails the test.
        }
    }
}
