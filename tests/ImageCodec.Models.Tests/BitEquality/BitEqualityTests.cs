using System.Diagnostics;
using ImageCodec.NeuralNetworks.Kernels;

namespace ImageCodec.Models.Tests.BitEquality;

/// <summary>
/// What decoding rests on: the same bits for every vector width, number of threads and machine. Each case runs in a process of
/// its own, because vector units can only be switched off before one starts.
/// </summary>
public class BitEqualityTests
{
    private static readonly string s_golden = Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "bit-hashes.txt");

    [TestCase("", 16)]
    [TestCase("DOTNET_EnableAVX512", 8)]
    [TestCase("DOTNET_EnableAVX2", 4)]
    [TestCase("DOTNET_EnableHWIntrinsic", 1)]
    public async Task The_bits_are_the_golden_ones_whatever_is_switched_off(string switchedOff, int mostLanes)
    {
        Dictionary<string, string> golden = (await File.ReadAllLinesAsync(s_golden))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' '))
            .Select(parts => (Name: parts[0], Hash: parts[1]))
            .Concat(GoldenFile.All.Select((golden, i) => (Name: $"{BitHashes.GoldenFileName}{i}", golden.Hash)))
            .ToDictionary(line => line.Name, line => line.Hash);

        string[] lines = await RunChildAsync(switchedOff);

        Assert.That(lines[0], Does.StartWith(BitHashes.LanesName));
        int lanes = int.Parse(lines[0].Split(' ')[1]);
        Assert.That(lanes, Is.LessThanOrEqualTo(Math.Min(mostLanes, Backend.Current.Lanes)), "the switch had its effect");
        List<string> names = [];
        Assert.Multiple(() =>
        {
            foreach (string[] parts in lines.Skip(1).Select(line => line.Split(' ')))
            {
                Assert.That(parts[2], Is.EqualTo(golden.GetValueOrDefault(parts[0])), $"{parts[0]} on {parts[1]} threads with {lanes} lanes");
                names.Add(parts[0]);
            }
        });
        Assert.That(names.Distinct(), Is.EquivalentTo(golden.Keys), "every golden hash was computed");
        Assert.That(golden["hyperprior-refined"], Is.Not.EqualTo(golden["hyperprior-file"]), "the refinement found something better");
    }

    private static async Task<string[]> RunChildAsync(string switchedOff)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(BitEqualityTests).Assembly.Location);
        }

        start.ArgumentList.Add(BitHashes.Argument);
        if (switchedOff.Length > 0)
        {
            start.Environment[switchedOff] = "0";
        }

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.That(child.ExitCode, Is.Zero, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
