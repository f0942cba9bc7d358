namespace ImageCodec.AspNetCore;

/// <summary>Too many pictures wait to be worked on.</summary>
internal sealed class TooBusyException() : Exception("Too many pictures wait to be worked on.");
