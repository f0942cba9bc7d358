namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

public class PickleReaderTests
{
    [TestCase(new byte[] { 0x8A, 0 }, 0)]
    [TestCase(new byte[] { 0x8A, 1, 0xFF }, -1)]
    [TestCase(new byte[] { 0x8A, 2, 0xFF, 0 }, 255)]
    [TestCase(new byte[] { 0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80 }, long.MinValue)]
    [TestCase(new byte[] { (byte)'K', 200 }, 200)]
    [TestCase(new byte[] { (byte)'M', 1, 2 }, 513)]
    [TestCase(new byte[] { (byte)'J', 0xFE, 0xFF, 0xFF, 0xFF }, -2)]
    public void Whole_numbers_are_read(byte[] operation, long expected) =>
        Assert.That(PickleReader.Read([0x80, 2, .. operation, (byte)'.']), Is.EqualTo(expected));

    [Test]
    public void Tuples_keep_their_order_and_values_are_remembered()
    {
        byte[] pickle = new PickleText()
            .Op('(').Op('K', 1).Op('K', 2).Op(0x86).Op('q', 5).Op('K', 3).Op('N').Op(0x87).Op(0x88).Op('h', 5).Op(0x85).Op('t').Stop();

        object?[] pair = [1L, 2L];
        Assert.That(PickleReader.Read(pickle), Is.EqualTo(new object?[] { new object?[] { pair, 3L, null }, true, new object?[] { pair } }));
    }

    [Test]
    public void Every_operation_outside_the_few_is_refused_with_its_byte()
    {
        const string few = "(cQRbqrhjsuaeNKMJGX}])t.";
        byte[] others = [0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A];
        foreach (byte code in Enumerable.Range(0, 256).Select(code => (byte)code))
        {
            if (!few.Contains((char)code, StringComparison.Ordinal) && !others.Contains(code))
            {
                InvalidFileException error = Refused([0x80, 2, code, 0, 0, 0, 0, (byte)'.']);
                Assert.That(error.Message, Does.Contain($"operation 0x{code:X2}"));
                Assert.That(error.Offset, Is.EqualTo(2));
            }
        }
    }

    [TestCase("os", "system")]
    [TestCase("builtins", "eval")]
    [TestCase("torch", "load")]
    [TestCase("torch._utils", "_rebuild_qtensor")]
    [TestCase("collections OrderedDict", "")]
    public void Every_name_outside_the_few_is_refused(string module, string name) =>
        Assert.That(Refused(new PickleText().Global(module, name).Stop()).Message, Does.Contain($"'{module}.{name}'"));

    [Test]
    public void Names_can_neither_flood_nor_steer_a_terminal()
    {
        string message = Refused(new PickleText().Global("\u001b[2J", new string('x', 100_000)).Stop()).Message;

        Assert.That(message, Has.Length.LessThan(500));
        Assert.That(message, Does.Not.Contain("\u001b"));
    }

    [Test]
    public void Only_known_calls_are_made()
    {
        PickleText[] calls =
        [
            new PickleText().Text("system").Op(')').Op('R'),
            new PickleText().Global("torch", "FloatStorage").Op(')').Op('R'),
            new PickleText().Global("collections", "OrderedDict").Op('K', 1).Op(0x85).Op('R'),
            new PickleText().Global("collections", "OrderedDict").Op('}').Op('R'),
            new PickleText().Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R'),
            new PickleText().Global("torch._utils", "_rebuild_parameter").Op('K', 1).Op(0x85).Op('R'),
            new PickleText().Text("storage").Op('Q'),
            new PickleText().Op('(').Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Op('K', 1).Op('t').Op('Q'),
            new PickleText().Op('(').Text("storage").Global("collections", "OrderedDict").Text("0").Text("cpu").Op('K', 1).Op('t').Op('Q'),
            new PickleText().Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(-1).Op('t').Op('Q'),
        ];
        foreach (PickleText call in calls)
        {
            Refused(call.Stop());
        }
    }

    [Test]
    public void Operations_without_their_values_are_refused()
    {
        PickleText[] pickles =
        [
            new(),
            new PickleText().Op('N').Op('N'),
            new PickleText().Op('N').Op('('),
            new PickleText().Op('t'),
            new PickleText().Op('N').Op('(').Op(0x85),
            new PickleText().Op('q', 0),
            new PickleText().Op('h', 0),
            new PickleText().Op('j', 0, 0, 0, 0),
            new PickleText().Op('s'),
            new PickleText().Op('K', 1).Op('K', 2).Op('K', 3).Op('s'),
            new PickleText().Op('}').Op('(').Op('K', 3).Op('u'),
            new PickleText().Op('}').Op('K', 3).Op('a'),
            new PickleText().Op(']').Op('K', 3).Op('K', 3).Op('s'),
            new PickleText().Op(']').Op('}').Op('b'),
            new PickleText().Op('X', 255, 255, 255, 255),
            new PickleText().Op('X', 1, 0, 0, 0, 0xFF),
            new PickleText().Op(0x8A, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9),
            new PickleText().Op('c', 1, 2),
            new PickleText().Op(0x80, 3).Op('N'),
            new PickleText().Op('N').Op('.').Op('N'),
        ];
        foreach (PickleText pickle in pickles)
        {
            Refused(pickle.Stop());
        }
    }

    [Test]
    public void Truncation_is_refused_at_every_byte()
    {
        byte[] pickle = WeightFixture.ReadEntry(WeightFixture.Read("nested.pth"), "/data.pkl");
        for (int length = 0; length < pickle.Length; length++)
        {
            Refused(pickle[..length]);
        }
    }

    [Test]
    public void A_dictionary_that_holds_itself_is_no_trouble()
    {
        PickleText pickle = new PickleText().Op('}').Op('q', 0).Text("state_dict").Op('h', 0).Op('s');
        byte[] file = WeightFixture.Pack(("a/data.pkl", pickle.Stop()));

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("holds no tensors"));
    }

    [Test]
    public void Too_many_operations_and_too_long_pickles_are_refused()
    {
        byte[] many = new byte[PickleReader.MaxOperations + 1];
        many.AsSpan().Fill((byte)'}');

        Assert.That(Refused(many).Message, Does.Contain("more than 1048576 operations"));
        Assert.That(Refused(new byte[PickleReader.MaxLength + 1]).Message, Does.Contain("more than the limit of 4194304"));
    }

    private static InvalidFileException Refused(byte[] pickle)
    {
        InvalidFileException error = Assert.Throws<InvalidFileException>(() => PickleReader.Read(pickle))!;
        Assert.That(error.Format, Is.EqualTo("PyTorch checkpoint's data.pkl"));
        Assert.That(error.Offset, Is.InRange(0, pickle.Length));
        return error;
    }
}
