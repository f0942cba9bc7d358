using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace ImageCodec.Packages.Tests;

/// <summary>The packages as others get them: packed from what was built, referenced from a folder, not as projects.</summary>
[Category("Packages")]
public sealed partial class PackageTests
{
    private const string Cars = "ImageCodec.Models.Cars";
    private const string Tool = "ImageCodec.Cli";

    private static readonly string[] Libraries =
    [
        "ImageCodec", "ImageCodec.AspNetCore", "ImageCodec.Core", "ImageCodec.Entropy", "ImageCodec.Evaluation", "ImageCodec.Extensions.DependencyInjection", "ImageCodec.ImageSharp",
        "ImageCodec.Imaging", "ImageCodec.Models", Cars, "ImageCodec.Models.Visual", "ImageCodec.NeuralNetworks", "ImageCodec.SkiaSharp", "ImageCodec.TorchSharp", "ImageCodec.Training",
    ];

    /// <summary>What comes with the package to reference.</summary>
    private static readonly string[] Default = ["ImageCodec", "ImageCodec.Core", "ImageCodec.Entropy", "ImageCodec.Imaging", "ImageCodec.Models", "ImageCodec.NeuralNetworks"];

    private static readonly string[] GoldenCar = File.ReadLines(Repository.At("tests", "ImageCodec.Models.Tests", "Fixtures", "golden-files.txt"))
        .First(line => line.StartsWith("baseline ", StringComparison.Ordinal)).Split(' ');

    private static readonly string Version = typeof(ImageCompressor).Assembly.GetName().Version!.ToString(3);

    /// <summary>The tool, which is one package that names those for the systems.</summary>
    private static readonly string[] Tools = [Tool, $"{Tool}.{RuntimeInformation.RuntimeIdentifier}", $"{Tool}.any"];

    private static readonly string CarReference = $"<PackageReference Include=\"{Cars}\" Version=\"{Version}\" />";

    private readonly string _folder = Directory.CreateTempSubdirectory("imagecodec-packages-").FullName;
    private Dictionary<string, string> _environment = [];

    private string Feed => Path.Combine(_folder, "feed");

    private string Packages => Path.Combine(_folder, "packages");

    [OneTimeSetUp]
    public void Pack()
    {
        // A packages folder of their own, so that no older package of the same version is taken. What else is needed comes from the usual folder.
        string usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Packages,
            ["RestoreFallbackFolders"] = usual,
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
        };
        DotnetCommand.Run(
            Repository.Root,
            new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            "pack", "ImageCodec.sln", "-c", Repository.Configuration, "--no-build", "-o", Feed, "-v", "quiet");

        // Of the tool, only what is for this system and for all others.
        DotnetCommand.Run(
            Repository.Root,
            new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            "pack", Path.Combine("src", "ImageCodec.Cli"), "-c", Repository.Configuration, "--no-restore", "-o", Feed, "-v", "quiet",
            $"-p:ToolPackageRuntimeIdentifiers=\"{RuntimeInformation.RuntimeIdentifier};any\"");

        // Compiled beforehand, as for a release.
        DotnetCommand.Run(
            Repository.Root,
            new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            "pack", Path.Combine("src", "ImageCodec.Cli"), "-c", Repository.Configuration, "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishReadyToRun=true",
            "-o", Feed, "-v", "quiet");
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Every_package_has_its_metadata_and_symbols()
    {
        Assert.That(
            Directory.EnumerateFiles(Feed, "*.nupkg").Select(Path.GetFileName), Is.EquivalentTo(Libraries.Concat(Tools).Select(name => $"{name}.{Version}.nupkg")));
        foreach (string path in Directory.EnumerateFiles(Feed, "*.nupkg").Order(StringComparer.Ordinal))
        {
            TestContext.Out.WriteLine($"{new FileInfo(path).Length,9:#,0} bytes  {Path.GetFileName(path)}");
            using ZipArchive package = ZipFile.OpenRead(path);
            string[] files = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.That(files, Does.Contain("README.md").And.Contain("icon.png"), path);
            bool isTool = Path.GetFileName(path).StartsWith(Tool, StringComparison.Ordinal);
            Assert.That(files, Has.None.Match("pdb$").And.None.Contains(".safetensors"), path);
            bool hasNativePart = files.Any(file => file.Contains("libSkiaSharp", StringComparison.Ordinal) || file.Contains("runtimes/", StringComparison.Ordinal));
            Assert.That(hasNativePart, Is.EqualTo(Path.GetFileName(path) == $"{Tools[1]}.{Version}.nupkg"), path);
            Dictionary<string, XElement> metadata = Manifest(package).Elements().ToDictionary(element => element.Name.LocalName);
            Assert.That((metadata["version"].Value, metadata["license"].Value, metadata["icon"].Value, metadata["readme"].Value), Is.EqualTo((Version, "MIT", "icon.png", "README.md")));
            Assert.That(metadata["description"].Value, Has.Length.GreaterThan(40));
            Assert.That(metadata["repository"].Attribute("url")!.Value, Does.StartWith("https://"));
            Assert.That(metadata, Contains.Key("tags").And.ContainKey("projectUrl").And.ContainKey("copyright").And.ContainKey("authors"));
            Assert.That(File.Exists(Path.ChangeExtension(path, ".snupkg")), Is.Not.EqualTo(isTool), "symbols of " + path);
        }
    }

    /// <summary>It is downloaded by everyone, the models for cars only by those who ask for them.</summary>
    [Test]
    public void The_default_package_is_small() =>
        Assert.That(Default.Sum(name => new FileInfo(Path.Combine(Feed, $"{name}.{Version}.nupkg")).Length), Is.LessThan(9_000_000));

    /// <summary>They see each other's internals, so that a mix of versions would fail where nobody looks for it.</summary>
    [Test]
    public void Every_package_asks_for_exactly_its_siblings_of_the_same_version()
    {
        Dictionary<string, string[]> siblings = [];
        foreach (string path in Directory.EnumerateFiles(Feed, "*.nupkg"))
        {
            using ZipArchive package = ZipFile.OpenRead(path);
            XElement manifest = Manifest(package);
            XElement[] asked = [.. manifest.Descendants()
                .Where(element => element.Name.LocalName == "dependency" && element.Attribute("id")!.Value.StartsWith("ImageCodec", StringComparison.Ordinal))];
            Assert.That(asked.Select(element => element.Attribute("version")!.Value), Is.All.EqualTo($"[{Version}]"), path);
            siblings.Add(manifest.Elements().Single(element => element.Name.LocalName == "id").Value, [.. asked.Select(element => element.Attribute("id")!.Value)]);
        }

        Assert.That(siblings.Where(package => package.Value.Length == 0).Select(package => package.Key), Is.EquivalentTo(Tools.Append("ImageCodec.Core")));
    }

    [Test]
    public void A_project_that_references_the_packages_compresses_a_picture()
    {
        string project = WriteConsumer("consumer", "<PackageReference Include=\"ImageCodec.Extensions.DependencyInjection\" Version=\"" + Version + "\" />");
        DotnetCommand.Run(project, _environment, "build", "-c", "Release", "-o", "out", "-v", "quiet");
        string printed = DotnetCommand.Run(project, _environment, Path.Combine("out", "consumer.dll"), GoldenCar[1]);

        AssertSameAsHere(printed, hasCars: false);
        foreach (string library in Default.Append("ImageCodec.Extensions.DependencyInjection"))
        {
            Assert.That(Directory.Exists(Path.Combine(Packages, library.ToLowerInvariant(), Version)), Is.True, $"{library} came from another folder");
        }
    }

    [Test]
    public void A_project_that_references_the_models_for_cars_has_them()
    {
        string project = WriteConsumer("cars", CarReference);
        DotnetCommand.Run(project, _environment, "build", "-c", "Release", "-o", "out", "-v", "quiet");
        AssertSameAsHere(DotnetCommand.Run(project, _environment, Path.Combine("out", "cars.dll"), GoldenCar[1]), hasCars: true);
    }

    [Test]
    public void A_trimmed_single_file_compresses_a_picture()
    {
        string project = WriteConsumer("trimmed", CarReference);
        string printed = DotnetCommand.Run(
            project, _environment, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", "out", "-v", "quiet",
            "-p:PublishTrimmed=true", "-p:PublishSingleFile=true", "-p:InvariantGlobalization=true", "-p:DebugType=none", "-p:EnableTrimAnalyzer=true",
            "-p:EnableAotAnalyzer=true", "-p:EnableSingleFileAnalyzer=true", "-p:TrimmerSingleWarn=false");
        Assert.That(printed, Does.Not.Contain("warning"));
        string[] files = Directory.GetFiles(Path.Combine(project, "out"));
        Assert.That(files, Has.Length.EqualTo(1));
        TestContext.Out.WriteLine($"{new FileInfo(files[0]).Length,9:#,0} bytes  trimmed single file");

        AssertSameAsHere(DotnetCommand.RunProgram(files[0], project, _environment, GoldenCar[1]), hasCars: true);
    }

    [Test]
    [Platform("Linux")]
    public void A_program_compiled_ahead_of_time_has_the_instructions_and_the_bits_of_others()
    {
        // The platform's linker is clang's unless another is named.
        string[] linker = IsOnPath("clang") ? [] : ["-p:CppCompilerAndLinker=gcc", "-p:LinkerFlavor=bfd"];
        if (linker.Length > 0 && !IsOnPath("gcc"))
        {
            Assert.Ignore("Neither clang nor gcc is installed, and compiling ahead of time needs one to link.");
        }

        string project = WriteConsumer("ahead", CarReference);
        string printed = DotnetCommand.Run(
            project, _environment,
            ["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out", "-v", "quiet", "-p:PublishAot=true",
            "-p:InvariantGlobalization=true", "-p:StripSymbols=true", "-p:TrimmerSingleWarn=false", .. linker]);
        Assert.That(printed, Does.Not.Contain("warning"));
        string program = Path.Combine(project, "out", "ahead");
        TestContext.Out.WriteLine($"{new FileInfo(program).Length,9:#,0} bytes  compiled ahead of time");

        string ahead = DotnetCommand.RunProgram(program, project, _environment, GoldenCar[1]);
        AssertSameAsHere(ahead, hasCars: true);

        // The same program as others are built, on the same machine: the same bits, and no setting was needed for 256-bit vectors and fused multiply-adds.
        // Without them it would take a hundred times as long. Times are printed only: how long is a matter for benchmarks.
        DotnetCommand.Run(project, _environment, "build", "-c", "Release", "-o", "usual", "-v", "quiet");
        string usual = DotnetCommand.Run(project, _environment, Path.Combine("usual", "ahead.dll"), GoldenCar[1]);
        string[] aheadTiming = Timing(ahead);
        string[] usualTiming = Timing(usual);
        TestContext.Out.WriteLine($"{aheadTiming[0]} ms ahead of time, {usualTiming[0]} ms as usual");
        Assert.That(aheadTiming[1..], Is.EqualTo(usualTiming[1..]));

        static string[] Timing(string printed) => printed.Trim().Split('\n', StringSplitOptions.TrimEntries)[2].Split(' ');
    }

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    [Test]
    public void The_tool_installs_and_runs()
    {
        string tools = Path.Combine(_folder, "tools");
        WriteFeed(_folder);
        DotnetCommand.Run(_folder, _environment, "tool", "install", Tool, "--version", Version, "--tool-path", tools, "--configfile", Path.Combine(_folder, "nuget.config"));
        string tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "imagecodec.exe" : "imagecodec");
        Assert.That(DotnetCommand.RunProgram(tool, _folder, _environment, "--version"), Does.StartWith(Version));

        string picture = Path.Combine(_folder, "tool.ppm");
        ImageFile.Write(picture, new RgbImage(40, 30));
        DotnetCommand.RunProgram(tool, _folder, _environment, "compress", "tool.ppm", "tool.icd");
        DotnetCommand.RunProgram(tool, _folder, _environment, "decompress", "tool.icd", "tool.png");
        Assert.That(ImageFile.Read(Path.Combine(_folder, "tool.png")).Width, Is.EqualTo(40));

        // Skia's native library comes along.
        DotnetCommand.RunProgram(tool, _folder, _environment, "decompress", "tool.icd", "tool.webp");
        DotnetCommand.RunProgram(tool, _folder, _environment, "compress", "tool.webp", "again.icd");
    }

    /// <summary>The metadata of a package's manifest.</summary>
    private static XElement Manifest(ZipArchive package)
    {
        using Stream manifest = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(manifest).Root!.Elements().Single();
    }

    /// <summary>The packages and the projects here give the same bytes, and the models for cars are there or asked for.</summary>
    private static void AssertSameAsHere(string printed, bool hasCars)
    {
        string[] lines = printed.Trim().Split('\n', StringSplitOptions.TrimEntries);
        Assert.That(lines[1], hasCars ? Is.EqualTo(GoldenCar[2]) : Does.Contain("«baseline»").And.Contain(Cars));
        string[] words = lines[0].Split(' ');
        byte[] file = Convert.FromHexString(words[^1]);
        using ImageCompressor compressor = ImageCompressor.LoadPretrained();
        RgbImage back = compressor.Decompress(file);
        Assert.That((back.Width, back.Height), Is.EqualTo((96, 64)));
        Assert.That(words[0], Is.EqualTo("96×64"));
        Assert.That(double.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(15, 60));
        Assert.That(words[3], Is.EqualTo(PretrainedModel.DefaultName));
    }

    private string WriteConsumer(string name, string references)
    {
        string project = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        WriteFeed(project);
        using Stream program = typeof(PackageTests).Assembly.GetManifestResourceStream("Consumer.cs")!;
        using (FileStream file = File.Create(Path.Combine(project, "Program.cs")))
        {
            program.CopyTo(file);
        }

        File.WriteAllText(Path.Combine(project, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ImageCodec" Version="{Version}" />
                {references}
              </ItemGroup>
            </Project>
            """);
        return project;
    }

    /// <summary>Adds the folder of the packages to the machine's usual source.</summary>
    private void WriteFeed(string folder) => File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration>
          <packageSources>
            <add key="local" value="{Feed}" />
          </packageSources>
        </configuration>
        """);
}
