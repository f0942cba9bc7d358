namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

public class SafetensorsRefusalTests
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Test]
    public void The_pattern_of_these_tests_is_read() => Assert.That(WeightsFile.Read(SafetensorsText.Make(Good, 8)).ValueCount(), Is.EqualTo(2));

    [TestCase("""{"a":{"dtype":"F8_E5M2","shape":[8],"data_offsets":[0,8]}}""", "'F8_E5M2'; F32, F16, BF16, F64")]
    [TestCase("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", "'f32'")]
    [TestCase("""{"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""", "dtype of 'a' is a number")]
    [TestCase("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "shape of 'a' is a number")]
    [TestCase("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "whole numbers from 0")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "whole numbers from 0")]
    [TestCase("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "whole numbers from 0")]
    [TestCase("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2147483648],"data_offsets":[0,8]}}""", "from 0 to 2147483647")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "takes the bytes 0 to 8")]
    [TestCase("""{"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,8]}}""", "takes the bytes 0 to 8")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes the bytes 0 to 8")]
    [TestCase("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}""", "at 2 bytes a value")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "takes the bytes 8 to 0")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}""", "more than 2 numbers")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "two data_offsets")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775808]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", "begins at 9223372036854775799")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at 4, but the data before it ends at 0")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 bytes of data, but its tensors take only 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "ends at 12, but the file has only 8")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "neither overlap")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "neither overlap")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "neither overlap")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "has 'a' twice")]
    [TestCase("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "has 'dtype' twice")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "has 'x', but only")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2]}}""", "must have dtype, shape and two data_offsets")]
    [TestCase("""{"a":null}""", "is a null or a truth value, but an object is expected")]
    [TestCase("""{"__metadata__":{"a":1}}""", "metadata 'a' is a number")]
    [TestCase("""{"__metadata__":{"a":"1","a":"2"}}""", "metadata has 'a' twice")]
    [TestCase("""{"__metadata__":{},"__metadata__":{}}""", "has '__metadata__' twice")]
    [TestCase("""{"__metadata__":[]}""", "is an array, but an object is expected")]
    [TestCase("""{"a\ud800":{}}""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""", "JSON")]
    [TestCase("""{'a':1}""", "JSON")]
    public void Headers_that_are_wrong_are_refused(string header, string message) =>
        Assert.That(WeightFixture.Refused(SafetensorsText.Make(header, 8)).Message, Does.Contain(message));

    [Test]
    public void Too_many_sides_are_refused()
    {
        string ones = string.Join(',', Enumerable.Repeat("1", WeightShape.MaxRank + 1));

        Assert.That(
            WeightFixture.Refused(SafetensorsText.Make("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + ones + "],\"data_offsets\":[0,4]}}", 4)).Message,
            Does.Contain("more than 32 numbers"));
    }

    [Test]
    public void A_side_of_zero_does_not_hide_the_others() =>
        Assert.That(
            WeightsFile.Read(SafetensorsText.Make("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,0],"data_offsets":[0,0]}}""", 0)).ValueCount(),
            Is.Zero);

    [Test]
    public void The_byte_of_the_problem_is_the_files()
    {
        InvalidFileException error = WeightFixture.Refused(SafetensorsText.Make("""{"a":{"dtype":"X"}}""", 0));

        Assert.That(error.Offset, Is.EqualTo(8 + 14));
        Assert.That(error.Message, Does.StartWith("safetensors, byte 22: "));
    }

    [Test]
    public void Text_that_is_not_UTF8_is_refused() => WeightFixture.Refused(SafetensorsText.Make([.. "{\""u8, 0xFF, .. "\":{}}"u8], 0));

    [Test]
    public void A_64_bit_value_out_of_range_is_refused()
    {
        byte[] file = [.. SafetensorsText.Make("""{"big":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 0), .. BitConverter.GetBytes(-1e39)];

        Assert.That(WeightFixture.Refused(file).Message, Does.Contain("'big' holds a 64-bit value that is too large"));
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(1UL << 63)]
    [TestCase((ulong)Safetensors.MaxHeaderLength + 1)]
    [TestCase((ulong)Safetensors.MaxHeaderLength)]
    [TestCase(100UL)]
    [TestCase(0UL)]
    public void Header_lengths_that_are_wrong_are_refused(ulong length)
    {
        byte[] file = SafetensorsText.Make(Good, 8);
        BitConverter.TryWriteBytes(file, length);

        WeightFixture.Refused(file);
        Assert.That(() => Safetensors.Read(file), Throws.InstanceOf<InvalidFileException>());
    }
}
