using System.Runtime.InteropServices;

namespace ImageCodec.Packages.Tests;

/// <content>Programs for other processors.</content>
public sealed partial class PackageTests
{
    private const string ArmLibraries = "/usr/aarch64-linux-gnu";

    /// <summary>Vectors there are those of 128 bits, and fused multiply-adds the processor's own; a compiler of its own makes the code.</summary>
    [Test]
    [Platform("Linux")]
    public void A_program_for_64_bit_Arm_gives_the_same_files_and_pixels_with_all_models()
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            Assert.Ignore($"needs an x64 system, and this one is {RuntimeInformation.OSArchitecture}");
        }

        // The cross-compiler brings the libraries to link with, and binutils.
        string[] missing = [.. new[] { "clang", "ld.lld", "aarch64-linux-gnu-g++", "aarch64-linux-gnu-objcopy", "qemu-aarch64" }.Where(program => !IsOnPath(program))];
        if (missing.Length > 0)
        {
            Assert.Ignore($"needs clang, lld, g++-aarch64-linux-gnu and qemu-user; not installed: {string.Join(", ", missing)}");
        }

        string project = WriteConsumer("arm", CarReference);
        using (Stream source = typeof(PackageTests).Assembly.GetManifestResourceStream("EveryModel.cs")!)
        using (FileStream file = File.Create(Path.Combine(project, "EveryModel.cs")))
        {
            source.CopyTo(file);
        }

        File.WriteAllText(
            Path.Combine(project, "Program.cs"),
            "foreach (string line in ImageCodec.Packages.Tests.EveryModel.Describe(File.ReadAllBytes(args[0]))) { Console.WriteLine(line); }");
        DotnetCommand.Run(
            project, _environment, "publish", "-c", "Release", "-r", "linux-arm64", "-o", "out", "-v", "quiet", "-p:PublishAot=true",
            "-p:InvariantGlobalization=true", "-p:StripSymbols=true", "-p:CppCompilerAndLinker=clang", "-p:LinkerFlavor=lld", "-p:ObjCopyName=aarch64-linux-gnu-objcopy");
        using ImageCompressor fitting = PretrainedModel.Get("fitted").LoadCompressor();
        byte[] fitted = fitting.Compress(EveryModel.Picture(90, 70));
        File.WriteAllBytes(Path.Combine(project, "fitted.icd"), fitted);

        string printed = DotnetCommand.RunProgram("qemu-aarch64", project, _environment, "-L", ArmLibraries, Path.Combine("out", "arm"), "fitted.icd");

        DotnetCommand.Run(project, _environment, "build", "-c", "Release", "-o", "usual", "-v", "quiet");
        string usual = DotnetCommand.Run(project, _environment, Path.Combine("usual", "arm.dll"), "fitted.icd");
        Assert.That(usual, Does.Contain("baseline ").And.Contain($"photo {EveryModel.Effort} ").And.Contain("fitted ").And.Contain("PNG "));
        Assert.That(printed, Is.EqualTo(usual));
    }
}
