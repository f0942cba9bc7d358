using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Checkpoints that ask for more than they have, and zip files that don't say the truth.</summary>
public class CheckpointLimitTests
{
    [Test]
    public void A_hand_made_checkpoint_is_read() =>
        Assert.That(WeightsFile.Read(PickleText.Checkpoint(24, 6, 0, [2, 3], [3, 1])).Get("w").Shape, Is.EqualTo(new[] { 2, 3 }));

    [TestCase(6, 1, new long[] { 2, 3 }, new long[] { 3, 1 })]
    [TestCase(6, 0, new long[] { 2, 3 }, new long[] { 4, 1 })]
    [TestCase(6, -1, new long[] { 2 }, new long[] { 1 })]
    [TestCase(6, 6, new long[] { }, new long[] { })]
    [TestCase(6, long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue })]
    [TestCase(6, 0, new long[] { -1 }, new long[] { 1 })]
    [TestCase(6, 0, new long[] { 2 }, new long[] { -1 })]
    [TestCase(6, 0, new long[] { 1L << 31 }, new long[] { 0 })]
    [TestCase(6, 0, new long[] { 2, 3 }, new long[] { 1 })]
    [TestCase(long.MaxValue, 0, new long[] { 2 }, new long[] { 1 })]
    [TestCase((1L << 62) + 6, 0, new long[] { 2 }, new long[] { 1 })]
    public void Tensors_outside_their_storage_are_refused(long count, long start, long[] shape, long[] strides) =>
        WeightFixture.Refused(PickleText.Checkpoint(24, count, start, shape, strides));

    [Test]
    public void Strides_of_sides_of_one_may_be_anything() =>
        Assert.That(
            WeightsFile.Read(PickleText.Checkpoint(24, 6, 0, [3, 1, 2], [1, long.MaxValue, 3])).Get("w").Values, Has.Length.EqualTo(6));

    [TestCase(33)]
    [TestCase(1000)]
    public void Too_many_sides_are_refused(int rank)
    {
        long[] ones = [.. Enumerable.Repeat(1L, rank)];

        Assert.That(WeightFixture.Refused(PickleText.Checkpoint(4, 1, 0, ones, ones)).Message, Does.Contain("at most 32"));
    }

    [Test]
    public void An_expanded_value_can_not_take_more_than_the_budget()
    {
        byte[] file = PickleText.Checkpoint(4, 1, 0, [1 << 30], [0]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidFileException error = WeightFixture.Refused(file);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(error.Message, Does.Contain("4294967296 bytes of memory"));
        Assert.That(taken, Is.LessThan(1 << 20));
    }

    [Test]
    public void A_deflated_bomb_is_refused_before_it_is_unpacked()
    {
        const int size = 48 << 20;
        byte[] pickle = new PickleText().Op('}').Text("w").Tensor(size / 4, 0, [1], [1]).Op('s').Stop();
        byte[] file = WeightFixture.Pack(CompressionLevel.Fastest, ("a/data.pkl", pickle), ("a/data/0", new byte[size]));

        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidFileException error = WeightFixture.Refused(file);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(error.Message, Does.Contain("would take 50331648 bytes of memory"));
        Assert.That(taken, Is.LessThan(1 << 20));
    }

    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(1000)]
    public void A_wrong_length_in_the_directory_is_refused(int error)
    {
        byte[] file = WeightFixture.Read("deflated.pth");
        Span<byte> directoryEntry = file.AsSpan(file.AsSpan().IndexOf("PK\u0001\u0002"u8));
        Span<byte> length = directoryEntry.Slice(24, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(BinaryPrimitives.ReadUInt32LittleEndian(length) + error));

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("'views/data.pkl'").And.Contain("damaged"));
    }

    [Test]
    public void A_wrong_byte_in_a_storage_is_seen()
    {
        byte[] file = WeightFixture.Read("little.pth");
        byte[] storage = WeightFixture.ReadEntry(file, "/data/3");
        file[file.AsSpan().IndexOf(storage) + 5] ^= 1;

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("'little/data/3'").And.Contain("checksum"));
    }

    [Test]
    public void Zip_files_of_another_layout_are_refused()
    {
        byte[] pickle = new PickleText().Op('}').Stop();

        Assert.That(WeightFixture.Refused(WeightFixture.Pack(("a/readme", pickle))).Message, Does.Contain("no folder with data.pkl"));
        Assert.That(WeightFixture.Refused(WeightFixture.Pack(("a/data.pkl", pickle), ("b/data.pkl", pickle))).Message, Does.Contain("in 2 folders"));
        Assert.That(WeightFixture.Refused(WeightFixture.Pack(("a/data.pkl", pickle), ("a/data.pkl", pickle))).Message, Does.Contain("two entries"));
    }

    [Test]
    public void Two_tensors_of_one_name_are_refused()
    {
        byte[] pickle = new PickleText().Op('}').Text("w").Tensor(1, 0, [], []).Op('s').Text("w").Tensor(1, 0, [], []).Op('s').Stop();

        Assert.That(
            WeightFixture.Refused(WeightFixture.Pack(("a/data.pkl", pickle), ("a/data/0", new byte[4]))).Message,
            Does.Contain("'w' is the name of a tensor"));
    }

    [Test]
    public void A_name_that_is_set_again_and_again_costs_no_time()
    {
        // 200,000 times the same dictionary of 100,000 entries under one name: a search that looked into each would not end.
        PickleText pickle = new PickleText().Op('}').Text("x").Op('}').Op('q', 1).Op('(');
        for (int i = 0; i < 100_000; i++)
        {
            pickle.Op('N').Op('N');
        }

        pickle.Op('u').Op('s').Text("model").Op('q', 2).Op('h', 1).Op('s').Op('(');
        for (int i = 0; i < 200_000; i++)
        {
            pickle.Op('h', 2).Op('h', 1);
        }

        byte[] file = WeightFixture.Pack(("a/data.pkl", pickle.Op('u').Stop()));
        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("its keys are 200002: 'x', 'model'"));
    }

    [Test]
    public void The_objects_of_a_pickle_stay_below_their_limit()
    {
        // The largest object for the fewest operations is a tensor of 32 sides, made again from arguments that are remembered.
        long[] ones = [.. Enumerable.Repeat(1L, WeightShape.MaxRank)];
        PickleText pickle = new PickleText()
            .Op('(').Global("torch._utils", "_rebuild_tensor_v2").Op('q', 0)
            .Op('(').Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(1).Op('t').Op('Q')
            .Number(0).Numbers(ones).Numbers(ones).Op('t').Op('q', 1);
        for (int i = 0; i < 340_000; i++)
        {
            pickle.Op('h', 0).Op('h', 1).Op('R');
        }

        byte[] bytes = pickle.Op('t').Stop();
        long before = GC.GetAllocatedBytesForCurrentThread();
        object? value = PickleReader.Read(bytes);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(value, Is.InstanceOf<object?[]>());
        Assert.That(taken, Is.LessThan(256L << 20));
    }
}
