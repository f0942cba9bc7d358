using System.CommandLine;
using Hangfire;
using Microsoft.Extensions.Hosting;

namespace ImageCodec.Farm;

/// <summary>The commands of the sample.</summary>
internal static class FarmCommands
{
    private const string DatabaseVariable = "IMAGECODEC_FARM_DATABASE";
    private const int DefaultBatch = 64;
    private const int DefaultBatchWithEffort = 16;

    private static readonly Option<string?> s_database = new("--database")
    {
        Description = $"A connection string of PostgreSQL, such as \"Host=db;Username=farm;Password=…;Database=farm\"; the variable {DatabaseVariable} says it too. All processes with the same one share the jobs.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DatabaseVariable) is { Length: > 0 } set ? set : null,
    };

    private static readonly Option<string?> s_list = new("--list") { Description = "A file with the names of the pictures, one a line, from the input on; - for standard input. Without it, all PNG, JPEG and PNM files below the input." };
    private static readonly Option<string> s_model = new("--model") { Description = "A model that comes with the library.", DefaultValueFactory = _ => PretrainedModel.DefaultName };
    private static readonly Option<int?> s_quality = new("--quality") { Description = "From 1 (smallest file) to 100 (best picture)." };
    private static readonly Option<double?> s_bitsPerPixel = new("--bpp") { Description = "Come near so many bits a pixel." };
    private static readonly Option<double?> s_psnr = new("--psnr") { Description = "Come near a PSNR, in dB." };
    private static readonly Option<double?> s_ssimulacra2 = new("--ssimulacra2") { Description = "Come near a SSIMULACRA2 score, such as 75." };
    private static readonly Option<int?> s_maxError = new("--max-error") { Description = "No value further from the original than so many levels, 0 (lossless) to 32." };
    private static readonly Option<int> s_effort = new("--effort") { Description = "0 (fastest) to 9 (smallest files)." };
    private static readonly Option<int?> s_batch = new("--batch") { Description = $"Pictures of one job. [default: {DefaultBatch}; {DefaultBatchWithEffort} with --effort, which takes longer; 1 for fitted]" };

    private static readonly Option<int> s_workers = new("--workers") { Description = "Pictures that are compressed at once; 0 for the dashboard alone.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<int> s_maxPixels = new("--max-pixels") { Description = "Pixels of the largest picture that is taken. Larger ones are set aside.", DefaultValueFactory = _ => 100_000_000 };
    private static readonly Option<double?> s_memory = new("--memory") { Description = "GiB for all pictures that are compressed at once. Pictures wait until they fit. [default: half of the memory that there is]" };
    private static readonly Option<bool> s_untilDone = new("--until-done") { Description = "End when no job is left, with exit code 1 if some were set aside." };

    public static RootCommand Create()
    {
        Argument<string> input = new("INPUT") { Description = "Where the pictures are: a folder, or s3://bucket/prefix." };
        Argument<string> output = new("OUTPUT") { Description = "Where the files go: likewise. photo.jpg becomes photo.jpg.icd." };
        Argument<string?> someInput = new("INPUT") { Description = "A folder of pictures, or s3://bucket/prefix; without it, some pictures are rendered.", Arity = ArgumentArity.ZeroOrOne };
        Argument<string?> someOutput = new("OUTPUT") { Description = "Where the files go.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> dashboard = new("--dashboard") { Description = "The address of the dashboard.", DefaultValueFactory = _ => "http://localhost:5080" };
        Option<string?> noDashboard = new("--dashboard") { Description = "An address, such as http://localhost:5080, where this worker shows the dashboard. [default: none]" };

        Command run = new("run", "Does it all in one process, with the jobs in memory unless there is a --database. The default command.")
        {
            someInput, someOutput, s_list, s_model, s_quality, s_bitsPerPixel, s_psnr, s_ssimulacra2, s_maxError, s_effort, s_batch, s_database, s_workers, s_maxPixels, s_memory, dashboard, s_untilDone,
        };
        run.Validators.Add(result =>
        {
            if (result.GetValue(someInput) is not null && result.GetValue(someOutput) is null)
            {
                result.AddError("Say where the files are to go: run INPUT OUTPUT.");
            }
        });
        run.SetAction(async (parsed, stop) =>
        {
            JobStorage storage = FarmStorage.Open(parsed.GetValue(s_database));
            string from = parsed.GetValue(someInput) ?? SamplePictures.Make(Path.Combine("artifacts", "farm", "pictures"));
            await AddAsync(parsed, storage, from, parsed.GetValue(someOutput) ?? Path.Combine("artifacts", "farm", "compressed"), stop);
            return await WorkAsync(storage, OptionsOf(parsed, parsed.GetValue(dashboard)), stop);
        });

        Command add = new("add", "Adds pictures to the jobs. What is done already is not done again, so it may be called again and again.")
        {
            input, output, s_list, s_model, s_quality, s_bitsPerPixel, s_psnr, s_ssimulacra2, s_maxError, s_effort, s_batch, s_database,
        };
        add.SetAction((parsed, stop) => AddAsync(parsed, OpenShared(parsed), parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), stop));

        Command work = new("work", "Works on jobs until it is stopped. Start as many as you like, on as many machines.") { s_database, s_workers, s_maxPixels, s_memory, noDashboard, s_untilDone };
        work.SetAction((parsed, stop) => WorkAsync(OpenShared(parsed), OptionsOf(parsed, parsed.GetValue(noDashboard)), stop));

        Command status = new("status", "Says how far it all is; exit code 0 when nothing is left, 3 while there is.") { s_database };
        status.SetAction(parsed =>
        {
            FarmStatus now = FarmStatus.Read(OpenShared(parsed));
            Console.WriteLine(now);
            return now.IsDone ? 0 : 3;
        });

        return new RootCommand(
            """
            Compresses more pictures than one machine can: jobs in a database, and any number of workers.

            Here and now, with the dashboard on http://localhost:5080:
              run photos compressed --bpp 0.5

            On many machines, which all see the folders and the database:
              export IMAGECODEC_FARM_DATABASE="Host=db;Username=farm;Password=…;Database=farm"
              add /mnt/photos /mnt/compressed --model photo --quality 60      once, anywhere
              work                                                            on each machine
              work --workers 0 --dashboard http://localhost:5080              where you look
              status

            Where files are in buckets, say s3://bucket/prefix; AWS_ENDPOINT_URL names another server than Amazon's.
            """)
        { run, add, work, status };
    }

    private static async Task<int> AddAsync(ParseResult parsed, JobStorage storage, string input, string output, CancellationToken stop)
    {
        Order order = new()
        {
            Input = PictureStores.FullName(input),
            Output = PictureStores.FullName(output),
            Model = parsed.GetRequiredValue(s_model),
            Quality = parsed.GetValue(s_quality),
            BitsPerPixel = parsed.GetValue(s_bitsPerPixel),
            Psnr = parsed.GetValue(s_psnr),
            Ssimulacra2 = parsed.GetValue(s_ssimulacra2),
            MaxError = parsed.GetValue(s_maxError),
            Effort = parsed.GetValue(s_effort),
        };
        int batch = parsed.GetValue(s_batch) ?? (order.Model == "fitted" ? 1 : order.Effort > 0 ? DefaultBatchWithEffort : DefaultBatch);
        if ((order.FindProblem() ?? (batch < 1 ? "--batch is at least 1." : null)) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        IAsyncEnumerable<string> names = parsed.GetValue(s_list) is { } list ? OrderDesk.ReadListAsync(list, stop) : new PictureStores().Get(order.Input).ListAsync(stop);
        long count = await OrderDesk.AddAsync(new BackgroundJobClient(storage), order, names, batch, stop);
        Console.WriteLine($"Added {count} pictures.");
        return count > 0 ? 0 : throw new ArgumentException($"There are no pictures in «{input}».");
    }

    private static async Task<int> WorkAsync(JobStorage storage, FarmOptions options, CancellationToken stop)
    {
        using IHost host = FarmHost.Create(storage, options);
        await host.StartAsync(stop);
        Console.WriteLine(options.Dashboard is { } address ? $"Dashboard: {address}/hangfire. Ctrl+C ends the work; what was begun is done again later." : "Working. Ctrl+C ends the work; what was begun is done again later.");
        await host.WaitForShutdownAsync(stop);
        FarmStatus status = FarmStatus.Read(storage);
        Console.WriteLine(status);
        return options.UntilDone && status.SetAside > 0 ? 1 : 0;
    }

    private static FarmOptions OptionsOf(ParseResult parsed, string? dashboard)
    {
        FarmOptions options = new() { Workers = parsed.GetValue(s_workers), MaxPixelCount = parsed.GetValue(s_maxPixels), Dashboard = dashboard?.TrimEnd('/'), UntilDone = parsed.GetValue(s_untilDone) };
        options = parsed.GetValue(s_memory) is { } gib ? options with { MaxMemory = (long)(gib * (1 << 30)) } : options;
        return options.Workers < 0 || options.MaxPixelCount < 1 || options.MaxMemory < PictureLimits.BytesFor(1)
            ? throw new ArgumentException("--workers is at least 0, --max-pixels at least 1, and --memory at least 0.13.")
            : options;
    }

    private static JobStorage OpenShared(ParseResult parsed) => FarmStorage.Open(
        parsed.GetValue(s_database) ?? throw new ArgumentException($"Say which database the processes share, by --database or {DatabaseVariable}. Without one, use run, which does all in one process."));
}
