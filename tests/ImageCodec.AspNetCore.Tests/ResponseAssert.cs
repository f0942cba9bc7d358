using System.Net;
using System.Text.Json;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>What answers are like.</summary>
internal static class ResponseAssert
{
    public static string? MediaType(this HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    /// <summary>Problem details, with a status that is the response's and a sentence.</summary>
    public static async Task IsProblemAsync(HttpResponseMessage response, HttpStatusCode status, string? detail = null)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.That((response.StatusCode, response.MediaType()), Is.EqualTo((status, "application/problem+json")), body);
        using JsonDocument problem = JsonDocument.Parse(body);
        Assert.That(problem.RootElement.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
        Assert.That(problem.RootElement.GetProperty("title").GetString(), Is.Not.Empty);
        Assert.That(problem.RootElement.GetProperty("detail").GetString(), detail is null ? Is.Not.Empty : Does.Contain(detail));
    }
}
