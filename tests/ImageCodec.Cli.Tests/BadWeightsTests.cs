using System.Text;

namespace ImageCodec.Cli.Tests;

/// <summary>Models and weights that can't be used.</summary>
internal sealed class BadWeightsTests
{
    [Test]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(8, 8));
        work.AssertFailsWithoutTrace(
            work["a.icd"], more => CommandRun.Here(["compress", work["a.png"], work["a.icd"], "--model", "nothing", .. more]), "'nothing'", "'strided'", ".safetensors");
        work.AssertFailsWithoutTrace(work["a.icd"], more => CommandRun.Here(["compress", work["a.png"], work["a.icd"], "--model", work.Folder, .. more]), "is a folder");
    }

    [Test]
    public void A_checkpoint_with_foreign_opcodes_is_refused()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(8, 8));
        string hostile = Path.Combine(AppContext.BaseDirectory, "hostile.pth");
        work.AssertFailsWithoutTrace(
            work["a.icd"], more => CommandRun.InProcessOfItsOwn(["compress", work["a.png"], work["a.icd"], "--model", hostile, .. more]), "hostile.pth", "refused");
    }

    [Test]
    public void Files_that_are_no_weights_or_cut_are_refused()
    {
        using Workplace work = new();
        work.Put("a.png", Samples.Picture(8, 8));
        byte[] weights = Samples.WeightsFile();
        foreach (byte[] contents in new[] { [], Encoding.UTF8.GetBytes("weights"), weights[..100], weights[..^1], File.ReadAllBytes(work["a.png"]) })
        {
            work.Put("w.pth", contents);
            work.AssertFailsWithoutTrace(work["a.icd"], more => CommandRun.Here(["compress", work["a.png"], work["a.icd"], "--model", work["w.pth"], .. more]), "w.pth");
        }
    }
}
