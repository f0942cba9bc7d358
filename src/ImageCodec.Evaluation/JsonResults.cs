using System.Text.Json;

namespace ImageCodec.Evaluation;

/// <summary>Writes results as JSON.</summary>
internal static class JsonResults
{
    public static byte[] Write(EvaluationResult result)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("folder", result.Folder);
            json.WriteNumber("interval", result.Interval);
            json.WriteNumber("pictureCount", result.Pictures.Count);
            json.WriteNumber("skippedCount", result.SkippedPictures.Count);
            WriteArray(json, "skippedPictures", result.SkippedPictures, one => WriteSkipped(json, "file", one));
            WriteArray(json, "leftOutCodecs", result.SkippedCodecs, one => WriteSkipped(json, "codec", one));
            WriteArray(json, "codecs", result.Codecs, codec => WriteCodec(json, codec));
            WriteArray(json, "bdRates", result.BdRates, comparison => WriteComparison(json, comparison));
            WriteArray(json, "matches", MeanMatches(result), match => WriteMeanMatch(json, match));
            WriteArray(json, "pictures", result.Pictures, picture => WritePicture(json, picture, result.Codecs));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static IEnumerable<(CodecResult Model, string Codec, MeanMeasurement Mean)> MeanMatches(EvaluationResult result) =>
        from model in result.Codecs
        where model.IsModel
        from codec in result.Codecs
        where !codec.IsModel
        select (model, codec.Name, result.MeanMatch(model.Name, codec.Name));

    private static void WriteSkipped(Utf8JsonWriter json, string kind, SkippedItem one)
    {
        json.WriteString(kind, one.Name);
        json.WriteString("reason", one.Reason);
    }

    private static void WriteCodec(Utf8JsonWriter json, CodecResult codec)
    {
        json.WriteString("name", codec.Name);
        json.WriteString("kind", codec.IsModel ? "model" : "classical");
        json.WriteString("description", codec.Description);
        json.WriteString("settingName", codec.SettingName);
        WriteOptional(json, "defaultLevel", codec.DefaultPoint?.Setting);
        WriteOptional(json, "plainPsnr", codec.PlainPsnr);
        WriteOptional(json, "plainMsSsim", codec.PlainMsSsim);
        WriteOptional(json, "plainSsimulacra2", codec.PlainSsimulacra2);
        WriteArray(json, "points", codec.Points, point =>
        {
            json.WriteNumber("setting", point.Setting);
            WriteFigures(json, point);
        });
    }

    private static void WriteComparison(Utf8JsonWriter json, BdComparison comparison)
    {
        json.WriteString("codec", comparison.Codec);
        json.WriteString("anchor", comparison.Anchor);
        BdFigure psnr = comparison.Figures[QualityMetric.Psnr];
        WriteOptional(json, "percent", psnr.Percent);
        WriteOptional(json, "fromPsnr", psnr.From);
        WriteOptional(json, "toPsnr", psnr.To);
        json.WriteString("problem", psnr.Problem);
        WriteBdFigure(json, "byMsSsim", comparison.Figures[QualityMetric.MsSsim]);
        WriteBdFigure(json, "bySsimulacra2", comparison.Figures[QualityMetric.Ssimulacra2]);
    }

    private static void WriteBdFigure(Utf8JsonWriter json, string name, BdFigure figure)
    {
        json.WriteStartObject(name);
        WriteOptional(json, "percent", figure.Percent);
        WriteOptional(json, "from", figure.From);
        WriteOptional(json, "to", figure.To);
        json.WriteString("problem", figure.Problem);
        json.WriteEndObject();
    }

    private static void WriteMeanMatch(Utf8JsonWriter json, (CodecResult Model, string Codec, MeanMeasurement Mean) match)
    {
        json.WriteString("model", match.Model.Name);
        json.WriteNumber("modelBpp", match.Model.DefaultPoint!.BitsPerPixel);
        json.WriteNumber("modelPsnr", match.Model.DefaultPoint.Psnr);
        json.WriteString("codec", match.Codec);
        WriteFigures(json, match.Mean);
    }

    private static void WritePicture(Utf8JsonWriter json, PictureResult picture, IReadOnlyList<CodecResult> codecs)
    {
        json.WriteString("file", picture.File);
        json.WriteNumber("width", picture.Width);
        json.WriteNumber("height", picture.Height);
        WriteArray(json, "plain", picture.Plain, plain =>
        {
            json.WriteString("model", plain.Key);
            WriteDistortion(json, plain.Value);
        });
        WriteArray(json, "measurements", codecs.SelectMany(codec => picture.Curves[codec.Name].Select(one => (codec.Name, One: one))), pair =>
        {
            json.WriteString("codec", pair.Name);
            WriteMeasurement(json, pair.One);
        });
        WriteArray(json, "matches", picture.Matches, match =>
        {
            json.WriteString("model", match.Model);
            json.WriteString("codec", match.Codec);
            WriteMeasurement(json, match.Measurement);
        });
    }

    private static void WriteMeasurement(Utf8JsonWriter json, Measurement one)
    {
        json.WriteNumber("setting", one.Setting);
        json.WriteNumber("bytes", one.Bytes);
        WriteFigures(json, one.BitsPerPixel, one.Distortion, one.EncodeSeconds, one.DecodeSeconds);
    }

    private static void WriteFigures(Utf8JsonWriter json, MeanMeasurement mean) =>
        WriteFigures(json, mean.BitsPerPixel, new Distortion(mean.Psnr, mean.MsSsim, mean.Ssimulacra2), mean.EncodeSeconds, mean.DecodeSeconds);

    private static void WriteFigures(Utf8JsonWriter json, double rate, Distortion distortion, double encoding, double decoding)
    {
        json.WriteNumber("bpp", rate);
        WriteDistortion(json, distortion);
        json.WriteNumber("encodeSeconds", encoding);
        json.WriteNumber("decodeSeconds", decoding);
    }

    private static void WriteDistortion(Utf8JsonWriter json, Distortion distortion)
    {
        json.WriteNumber("psnr", distortion.Psnr);
        json.WriteNumber("msSsim", distortion.MsSsim);
        json.WriteNumber("ssimulacra2", distortion.Ssimulacra2);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> writeProperties)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            writeProperties(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
