using System.Security.Cryptography;

namespace ImageCodec.Browser.Tests;

/// <summary>Pixels as hashes, in the browser and here.</summary>
internal static class Pixels
{
    /// <summary>An asynchronous function of an <c>img</c>: the hash of what it shows, drawn to a canvas.</summary>
    public const string HashOfImage = """
        async image => {
          const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
          return `${canvas.width}×${canvas.height} ` + [...hash].map(value => value.toString(16).padStart(2, '0')).join('');
        }
        """;

    /// <summary>The same of what the library decodes.</summary>
    public static string HashOf(byte[] icd) => HashOf(ImageDecompressor.Shared.Decompress(icd));

    public static string HashOf(RgbImage image)
    {
        byte[] pixels = new byte[4 * image.PixelCount];
        image.CopyPixelsTo(pixels, PixelLayout.Rgba32);
        return $"{image.Width}×{image.Height} {Convert.ToHexStringLower(SHA256.HashData(pixels))}";
    }
}
