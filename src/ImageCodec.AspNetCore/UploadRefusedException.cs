namespace ImageCodec.AspNetCore;

/// <summary>An upload is not taken; the message is for the client.</summary>
internal sealed class UploadRefusedException(int status, string problem) : Exception(problem)
{
    public int Status => status;
}
