using System.Globalization;
using System.Text;

namespace ImageCodec.Evaluation;

/// <summary>Writes results as CSV.</summary>
internal static class CsvResults
{
    private const string Header = "file,width,height,codec,kind,model,setting,bytes,bpp,psnr,ms_ssim,ssimulacra2,encode_seconds,decode_seconds";

    public static byte[] Write(EvaluationResult result)
    {
        StringBuilder text = new();
        text.Append(Header).Append("\r\n");
        foreach (PictureResult picture in result.Pictures)
        {
            foreach (CodecResult codec in result.Codecs)
            {
                if (picture.Plain.TryGetValue(codec.Name, out Distortion? plain))
                {
                    AppendLine(text, picture, codec.Name, "plain", codec.Name, null, plain);
                }

                foreach (Measurement one in picture.Curves[codec.Name])
                {
                    AppendLine(text, picture, codec.Name, "curve", "", one, one.Distortion);
                }
            }

            foreach (Match match in picture.Matches)
            {
                AppendLine(text, picture, match.Codec, "match", match.Model, match.Measurement, match.Measurement.Distortion);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendLine(
        StringBuilder text, PictureResult picture, string codec, string kind, string model, Measurement? measurement, Distortion distortion)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Quote(picture.File)},{picture.Width},{picture.Height},{Quote(codec)},{kind},{Quote(model)},{measurement?.Setting},{measurement?.Bytes},");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{measurement?.BitsPerPixel:0.######},{distortion.Psnr:0.####},{distortion.MsSsim:0.######},{distortion.Ssimulacra2:0.####},{measurement?.EncodeSeconds:0.######},{measurement?.DecodeSeconds:0.######}\r\n");
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
