namespace ImageCodec.Robustness.Tests.Faults;

/// <summary>Processes that end without warning; the command «kill» of this program tries more moments.</summary>
[Platform(Exclude = "Win", Reason = "the exit code of a killed process is Unix's")]
internal sealed class KillTests
{
    private const int Moments = 3;

    [Test]
    public void A_killed_compression_leaves_the_old_file_or_the_new_one()
    {
        using KillTrials trials = new(seed: 1);
        Assert.That(trials.Compress(Moments).Killed, Is.EqualTo(Moments));
    }

    [Test]
    public void A_killed_decompression_leaves_the_old_file_or_the_new_one()
    {
        using KillTrials trials = new(seed: 2);
        Assert.That(trials.Decompress(Moments).Killed, Is.EqualTo(Moments));
    }

    [Test]
    public void A_folder_of_which_the_compression_was_killed_is_completed_by_the_next_run()
    {
        using KillTrials trials = new(seed: 4);
        Assert.That(trials.Folder(2 * Moments).Killed, Is.EqualTo(2 * Moments));
    }

    [Test]
    public void A_killed_training_goes_on_to_the_same_weights()
    {
        using KillTrials trials = new(seed: 3);
        Assert.That(trials.Train(Moments).Killed, Is.EqualTo(Moments));
    }
}
