using ImageCodec;
using ImageCodec.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps folders of <c>.icd</c> files.</summary>
/// <remarks>As endpoint route builders themselves, for one thread at a time.</remarks>
public static class IcdEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves the <c>.icd</c> files of a folder and of those below it, as <see cref="IcdResult"/> says. Files with another extension, those whose names begin with a dot, and what lies outside
    /// are not found. Needs <c>AddImageCodecWeb</c>.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path before those of the files: with «/pictures» the file <c>cats/mia.icd</c> is <c>/pictures/cats/mia.icd</c>.</param>
    /// <param name="folder">The folder; if the path is not rooted, in the app's content root.</param>
    /// <returns>Adds conventions to the endpoint, such as who may use it.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IEndpointConventionBuilder MapIcdFiles(this IEndpointRouteBuilder endpoints, string pattern, string folder)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string root = endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().ContentRootPath;
#pragma warning disable CA2000 // Holds nothing but the folder's name as long as nobody watches for changes.
        PhysicalFileProvider files = new(Path.GetFullPath(folder, root));
#pragma warning restore CA2000
        return endpoints.MapMethods(pattern.TrimEnd('/') + "/{**path}", [HttpMethods.Get, HttpMethods.Head], Serve);

        Task Serve(HttpContext context)
        {
            string path = context.GetRouteValue("path") as string ?? "";
            IResult answer = path.EndsWith(IcdFile.Extension, StringComparison.OrdinalIgnoreCase) && files.GetFileInfo(path) is { Exists: true, PhysicalPath: { } file }
                ? new IcdResult(file)
                : Problems.NotFound();
            return answer.ExecuteAsync(context);
        }
    }
}
