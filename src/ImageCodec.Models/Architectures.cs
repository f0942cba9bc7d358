using ImageCodec.Models.Autoencoders;
using ImageCodec.Models.Hyperpriors;
using ImageCodec.Models.Vaes;

namespace ImageCodec.Models;

/// <summary>
/// The architectures by name: the four of the system that this library grew from, a VAE whose latent is a grid, and the one for any photo.
/// </summary>
internal static class Architectures
{
    public const string Baseline = "baseline";
    public const string Strided = "strided";
    public const string Residual = "residual";
    public const string Vae = "vae";
    public const string SpatialVae = "vae-spatial";
    public const string Hyperprior = "hyperprior";

    private static readonly (string Name, Func<Network> Create)[] All =
    [
        (Baseline, AutoencoderNetwork.CreateBaseline),
        (Strided, AutoencoderNetwork.CreateStrided),
        (Residual, AutoencoderNetwork.CreateResidual),
        (Vae, VaeNetwork.CreateVae),
        (SpatialVae, VaeNetwork.CreateSpatialVae),
        (Hyperprior, () => new HyperpriorNetwork()),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(architecture => architecture.Name)];

    /// <summary>Makes an architecture's networks, not yet initialised.</summary>
    /// <exception cref="ArgumentException">There is no architecture of that name.</exception>
    public static Network Create(string name) => All.FirstOrDefault(architecture => architecture.Name == name).Create?.Invoke()
        ?? throw new ArgumentException($"There is no architecture «{name}»; there are {string.Join(", ", Names)}.", nameof(name));
}
