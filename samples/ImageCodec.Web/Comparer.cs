namespace ImageCodec.Web;

/// <summary>Compares a compressed picture with other formats at the same length.</summary>
/// <remarks>Safe to use from several threads at once; one picture is compared at a time.</remarks>
internal sealed class Comparer(DataFolder data, SampleFormats formats) : IDisposable
{
    /// <summary>A file whose length differs by a larger part is not called one of the same size.</summary>
    private const double Tolerance = 0.05;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="original">The file that was uploaded; it has been read once, so it is a picture.</param>
    /// <param name="upload">What it became.</param>
    /// <param name="compressor">What compressed it.</param>
    /// <param name="begins">Told the name of each format that is begun with.</param>
    /// <param name="stop">Stops the work.</param>
    public async Task<ComparisonResult> CompareAsync(byte[] original, IcdUpload upload, ImageCompressor compressor, Action<string> begins, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            return await Task.Run(() => Compare(original, upload, compressor, begins, stop), stop);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private ComparisonResult Compare(byte[] original, IcdUpload upload, ImageCompressor compressor, Action<string> begins, CancellationToken stop)
    {
        IcdInfo info = upload.Info!;
        RgbImage ours = compressor.Decompress(upload.File, cancellationToken: stop);
        RgbImage picture = SkiaImageFile.Read(original, new ImageReadOptions { MaxPixelCount = compressor.MaxPixelCount }, stop);

        // JPEG has no alpha, so all are laid over white. The others get no more metadata than ours has.
        List<string> notes = [.. upload.Warnings, .. formats.Missing];
        if (picture.HasAlpha)
        {
            notes.Add("Our file keeps how transparent the picture is, without loss. The other files hold it laid over white, so they have less to keep.");
        }

        ours = ours.LayOver(RgbColor.White);
        picture = picture.LayOver(RgbColor.White);
        picture.Metadata = ours.Metadata;

        (string id, string folder) = data.AddResult();
        Save("original.png", ImageFile.Encode(picture, ImageFileFormat.Png, stop));
        Save(DataFolder.PictureName, upload.File.Span);
        List<ComparedFile> files =
        [
            new("Original", "", UrlOf("original.png"), null, original.Length, Metrics.BitsPerPixel(original.Length, info.Width, info.Height), null, 1),
            Measure("ImageCodec", info.ModelName ?? "", ours, DataFolder.PictureName, upload.File.Length),
        ];
        foreach (IOtherFormat format in formats.All)
        {
            if (Math.Max(info.Width, info.Height) > format.MaxSide)
            {
                notes.Add($"{format.Name} is left out: its pictures have at most {format.MaxSide} pixels on a side.");
                continue;
            }

            begins(format.Name);
            try
            {
                AddNearest(format);
            }
            catch (InvalidOperationException e)
            {
                notes.Add($"{format.Name} is left out: {e.Message}");
            }
        }

        return new ComparisonResult(id, info.Width, info.Height, info.ModelName ?? "", files, notes);

        void AddNearest(IOtherFormat format)
        {
            (int low, int high) = format.Qualities;
            (int quality, byte[] file) = SizeSearch.Find(low, high, info.FileLength, quality => format.Encode(picture, quality, stop), stop);
            RgbImage restored = format.Decode(file, stop);
            Save("other" + format.Extension, file);
            files.Add(Measure(format.Name, $"quality {quality}/{high}", restored, "other" + format.Extension, file.Length));
            double difference = (double)file.Length / info.FileLength - 1;
            if (Math.Abs(difference) > Tolerance)
            {
                notes.Add(FormattableString.Invariant($"The nearest {format.Name} file is {100 * Math.Abs(difference):0} % {(difference > 0 ? "larger" : "smaller")} than ours."));
            }
        }

        void Save(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);

        string UrlOf(string name) => $"files/results/{id}/{name}";

        ComparedFile Measure(string name, string setting, RgbImage restored, string fileName, long length)
        {
            double psnr = Metrics.Psnr(picture, restored);
            string shown = fileName == DataFolder.PictureName ? $"pictures/results/{id}/{fileName}" : UrlOf(fileName);
            return new ComparedFile(
                name, setting, shown, UrlOf(fileName), length, Metrics.BitsPerPixel(length, info.Width, info.Height), double.IsFinite(psnr) ? psnr : null, Metrics.MsSsim(picture, restored));
        }
    }
}
