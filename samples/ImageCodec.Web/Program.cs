using ImageCodec;
using ImageCodec.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;

// The pages lie beside the program, wherever it is started.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
SampleOptions options = builder.Configuration.Get<SampleOptions>() ?? new SampleOptions();
DataFolder data = new(options.Data);

builder.Services.AddSingleton(data);
builder.Services.AddSingleton<SampleFormats>();
builder.Services.AddSingleton<Comparer>();
builder.Services.AddSingleton<Gallery>();
builder.Services.AddHostedService(services => services.GetRequiredService<Gallery>());
builder.Services.AddImageCodec(codec =>
{
    codec.MaxPixelCount = options.MaxPixelCount;
    codec.MaxConcurrency = 1;
    codec.MaxQueueLength = options.MaxQueueLength;
});
builder.Services.AddImageCodec("photo", codec => codec.MaxPixelCount = options.MaxPixelCount);
builder.Services.AddImageCodec("fitted", codec => (codec.Model, codec.MaxPixelCount) = ("fitted", options.MaxPixelCount));
builder.Services.AddImageCodecWeb(web => web.MaxUploadLength = options.MaxUploadLength);

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();

// The same files twice: in the format that the client takes best, and just as they are.
app.MapIcdFiles("/pictures", data.Root);
app.UseStaticFiles(new StaticFileOptions
{
    FileProvider = new PhysicalFileProvider(data.Root),
    RequestPath = "/files",
    ContentTypeProvider = new FileExtensionContentTypeProvider { Mappings = { [IcdFile.Extension] = IcdFile.MediaType, [".avif"] = "image/avif" } },
});

app.MapGet("/api/limits", () => new { options.MaxPixelCount, options.MaxUploadLength });
app.MapPost("/api/compress", CompressEndpoint.HandleAsync);
app.MapGet("/api/gallery", (Gallery gallery) => gallery.List());
app.MapPost("/api/gallery/{id}", (string id, Gallery gallery) => gallery.TryAdd(id) ? Results.NoContent() : Results.NotFound());
app.Run();
