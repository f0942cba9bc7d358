using Microsoft.AspNetCore.Mvc;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>Sends what <see cref="ResultTests"/> has.</summary>
[ApiController]
public sealed class PictureController : ControllerBase
{
    [HttpGet("/controller/file")]
    public IcdResult GetFile() => new(ResultTests.FilePath);

    [HttpGet("/controller/bytes")]
    public IActionResult GetBytes() => new IcdResult(ResultTests.Bytes);
}
