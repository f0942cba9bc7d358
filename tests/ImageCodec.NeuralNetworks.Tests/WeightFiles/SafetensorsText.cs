using System.Text;

namespace ImageCodec.NeuralNetworks.Tests.WeightFiles;

/// <summary>Makes safetensors files from the text of a header.</summary>
internal static class SafetensorsText
{
    public static byte[] Make(string header, int dataLength) => Make(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Make(byte[] header, int dataLength) =>
        [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[dataLength]];
}
