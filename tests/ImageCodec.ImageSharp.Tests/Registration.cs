using SixLabors.ImageSharp;

namespace ImageCodec.ImageSharp.Tests;

/// <summary>The one line that programs need.</summary>
[SetUpFixture]
public class Registration
{
    [OneTimeSetUp]
    public void Register() => Configuration.Default.Configure(new IcdConfigurationModule());
}
