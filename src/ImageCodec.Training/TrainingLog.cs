using System.Globalization;

namespace ImageCodec.Training;

/// <summary>A CSV file with a line for each validation, which can be followed while it grows.</summary>
internal sealed class TrainingLog
{
    private const string Header = "epoch,loss,plain_psnr,psnr,bpp,cost,seconds";

    private readonly string _path;

    /// <summary>Starts a log, or goes on with the one there is: lines of epochs after <paramref name="epoch"/> belong to a run that was cut off.</summary>
    public TrainingLog(string path, int epoch)
    {
        _path = path;
        IEnumerable<string> kept = epoch > 0 && File.Exists(path)
            ? File.ReadLines(path).Skip(1).Where(line => int.TryParse(line.Split(',')[0], CultureInfo.InvariantCulture, out int at) && at <= epoch)
            : [];
        string text = string.Concat(kept.Prepend(Header).Select(line => line + "\n"));
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    public void Add(ValidationResult validation, double loss, TimeSpan elapsed) => File.AppendAllText(
        _path,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{validation.Epoch},{loss:0.#####},{validation.PlainPsnr:0.###},{validation.Psnr:0.###},{validation.BitsPerPixel:0.####},{validation.Cost:0.#####},{elapsed.TotalSeconds:0}\n"));
}
