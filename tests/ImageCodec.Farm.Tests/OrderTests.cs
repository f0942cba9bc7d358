namespace ImageCodec.Farm.Tests;

public sealed class OrderTests
{
    private static readonly Order s_order = new() { Input = "in", Output = "out" };

    [Test]
    public void A_mark_says_what_the_file_is_made_of()
    {
        byte[] picture = [1, 2, 3];
        string mark = s_order.MarkFor(picture);
        Assert.That(mark, Does.StartWith("sha256=039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81").And.Contain(PretrainedModel.Get("photo").Fingerprint.ToString()));
        Assert.That((s_order with { Input = "elsewhere", Output = "elsewhere" }).MarkFor(picture), Is.EqualTo(mark));
        string[] others =
        [
            mark, s_order.MarkFor([1, 2, 4]), (s_order with { Model = "fitted" }).MarkFor(picture), (s_order with { Effort = 1 }).MarkFor(picture), (s_order with { Quality = 1 }).MarkFor(picture),
            (s_order with { BitsPerPixel = 1 }).MarkFor(picture), (s_order with { Psnr = 1 }).MarkFor(picture), (s_order with { Ssimulacra2 = 1 }).MarkFor(picture),
            (s_order with { MaxError = 0 }).MarkFor(picture),
        ];
        Assert.That(others, Is.Unique);
        Assert.That(others, Has.All.Not.Contain('\n'));
    }

    private static IEnumerable<TestCaseData> Mistakes() =>
    [
        new(s_order with { Model = "none" }, "none"), new(s_order with { Quality = 0 }, "--quality"), new(s_order with { Quality = 50, Psnr = 30 }, "at most one"),
        new(s_order with { BitsPerPixel = 0 }, "--bpp"), new(s_order with { Ssimulacra2 = 101 }, "--ssimulacra2"), new(s_order with { Model = "fitted", Ssimulacra2 = 70 }, "fitted"),
        new(s_order with { Effort = 10 }, "--effort"), new(s_order with { MaxError = 33 }, "--max-error"), new(s_order with { Model = "fitted", MaxError = 0 }, "fitted"),
        new(s_order with { Quality = 50, MaxError = 0 }, "at most one"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_found_before_there_are_jobs(object order, string said) => Assert.That(((Order)order).FindProblem(), Does.Contain(said));

    [Test]
    public void A_good_order_has_no_problem() => Assert.That((s_order with { Model = "fitted", Psnr = 35, Effort = 9 }).FindProblem(), Is.Null);
}
