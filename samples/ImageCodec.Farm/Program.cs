using System.Net.Sockets;
using Amazon.Runtime;
using ImageCodec.Farm;
using Npgsql;

try
{
    return await FarmCommands.Create().Parse(args.Length == 0 ? ["run"] : args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NpgsqlException or SocketException or AmazonServiceException or AmazonClientException)
{
    Console.Error.WriteLine(e is NpgsqlException ? $"The database can't be used: {e.Message}" : e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 1;
}
