using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ImageCodec.Models;
using ImageCodec.NeuralNetworks;
using ImageCodec.Robustness.Tests.Fuzzing;

namespace ImageCodec.Robustness.Tests.Load;

/// <summary>Stops work at random moments, and says how long it goes on at most.</summary>
internal static class CancelCommand
{
    private const int Width = 4000;
    private const int Height = 3000;

    public static Command Create()
    {
        Option<int> moments = new("--moments") { Description = "Moments for each kind of work.", DefaultValueFactory = _ => 20 };
        Command command = new("cancel", $"Stops work on a picture of {Width}×{Height} at random moments.") { moments };
        command.SetAction(parsed => Run(parsed.GetValue(moments)));
        return command;
    }

    private static void Run(int moments)
    {
        RgbImage picture = TinyModel.CreatePicture(Width, Height);
        byte[] png = ImageFile.Encode(picture, ImageFileFormat.Png);
        byte[] jpeg = ImageFile.EncodeJpeg(picture);
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        byte[] icd = compressor.Compress(picture, new CompressionOptions { Level = compressor.LevelCount });
        using Autoencoder residual = ModelFactory.CreateResidual(maxThreads: 1);
        using ImageCompressor slow = new(residual.Encoder, residual.Decoder, new QuantizedLatentCodec(new UniformQuantizer(), Entropy.AdaptiveCoder.Instance), new CodecFingerprint(1));
        Measure("read PNG", moments, token => ImageFile.Read(png, cancellationToken: token));
        Measure("read JPEG", moments, token => ImageFile.Read(jpeg, cancellationToken: token));
        Measure("write PNG", moments, token => ImageFile.Encode(picture, ImageFileFormat.Png, token));
        Measure("write JPEG", moments, token => ImageFile.EncodeJpeg(picture, cancellationToken: token));
        Measure("compress", moments, token => compressor.Compress(picture, null, token));
        Measure("decompress", moments, token => compressor.Decompress(icd, cancellationToken: token));
        using ImageCompressor fitted = ImageCompressor.LoadPretrained("fitted");
        byte[] fittedIcd = fitted.Compress(picture, new CompressionOptions { FinishToken = new CancellationToken(canceled: true) });
        Measure("fitted: compress", moments, token => fitted.Compress(picture, null, token));
        Measure("fitted: decompress", moments, token => fitted.Decompress(fittedIcd, cancellationToken: token));
        Measure("residual model, one thread: compress", moments, token => slow.Compress(picture, null, token));
        if (residual.Workspace.RentedCount != 0)
        {
            throw new InvalidOperationException($"{residual.Workspace.RentedCount} pieces of memory did not come back.");
        }
    }

    private static void Measure(string name, int moments, Action<CancellationToken> work)
    {
        RandomSource random = new(moments);
        List<double> times = [];
        for (int i = 0; i < moments; i++)
        {
            using CancellationTokenSource source = new();
            long cancelled = 0;
            double wait = 5 + (1500 * random.NextSingle());
            Thread canceller = new(() =>
            {
                Thread.Sleep((int)wait);
                cancelled = Stopwatch.GetTimestamp();
                source.Cancel();
            });
            canceller.Start();
            try
            {
                while (true)
                {
                    work(source.Token);
                }
            }
            catch (OperationCanceledException)
            {
                canceller.Join();
                times.Add(Stopwatch.GetElapsedTime(cancelled).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: went on for {times[times.Count / 2]:0.0} ms in the middle, {times[^1]:0.0} ms at most"));
    }
}
