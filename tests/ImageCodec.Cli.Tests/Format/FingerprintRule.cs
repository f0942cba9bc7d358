using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ImageCodec.Cli.Tests.Format;

/// <summary>The fingerprint of weights as docs/format.md has it: the order of the parameters is that of its tables.</summary>
internal static class FingerprintRule
{
    private const string Section = "Parameters";

    private static readonly string[] SingleTensors = ["log_gains", "log_inverse_gains", "offsets", "prior.means", "prior.log_scales"];

    /// <summary>The text that the description begins with, without its line feed.</summary>
    public static string Text(SafetensorsFile file)
    {
        string architecture = file.Metadata["architecture"];
        string[] row = FormatDocument.Instance.Rows("The fingerprint", "architecture", "text").Single(row => FormatDocument.Quoted(row[0]).Contains(architecture));
        return FormatDocument.Quoted(row[1])[0]
            .Replace("ARCHITECTURE", architecture, StringComparison.Ordinal)
            .Replace("CODER", file.Metadata.GetValueOrDefault("entropy_coder", "adaptive"), StringComparison.Ordinal);
    }

    /// <summary>The parameters that an architecture has, in order.</summary>
    public static IEnumerable<string> Parameters(string architecture)
    {
        if (architecture == "fitted")
        {
            return FormatDocument.Instance.Rows(Section, "tensor of `fitted`", "shape", "values").Select(priors => FormatDocument.Quoted(priors[0])[0]);
        }

        string[] row = FormatDocument.Instance.Rows(Section, "architecture", "layers").Single(row => FormatDocument.Quoted(row[0])[0] == architecture);
        return FormatDocument.Quoted(row[1]).SelectMany(layer => (string[])[$"{layer}.weight", $"{layer}.bias"])
            .Concat(architecture == "hyperprior" ? SingleTensors : []);
    }

    /// <summary>What is fitted beside the parameters of an architecture, in order.</summary>
    public static string[] Fitted(string architecture) => FormatDocument.Instance.Rows(Section, "architecture", "tensors", "where they are missing")
        .Where(row => FormatDocument.Quoted(row[0]).Contains(architecture))
        .SelectMany(row => FormatDocument.Quoted(row[1])).ToArray();

    /// <summary>The fingerprint, as six hexadecimal digits.</summary>
    public static string Compute(SafetensorsFile file)
    {
        string architecture = file.Metadata["architecture"];
        List<byte> description = [.. Encoding.UTF8.GetBytes(Text(file)), 0x0A];
        foreach (string name in Parameters(architecture).Concat(Fitted(architecture)))
        {
            float[] values = file.Names.Contains(name) ? file.Values(name) : Missing(architecture);
            byte[] bytes = new byte[4 * values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
            }

            description.AddRange(bytes);
        }

        return Convert.ToHexStringLower(SHA256.HashData(description.ToArray())[..3]);
    }

    /// <summary>What is hashed in the place of a fitted tensor that is missing.</summary>
    private static float[] Missing(string architecture)
    {
        string[][] channels = FormatDocument.Instance.Rows("The latent", "architecture", "s", "C");
        return architecture == "hyperprior"
            ? []
            : [.. Enumerable.Repeat(1f, int.Parse(channels.Single(row => FormatDocument.Quoted(row[0])[0] == architecture)[2], System.Globalization.CultureInfo.InvariantCulture))];
    }
}
