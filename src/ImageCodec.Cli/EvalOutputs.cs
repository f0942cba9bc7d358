using System.Text;
using ImageCodec.Evaluation;

namespace ImageCodec.Cli;

/// <summary>Where the results of <c>eval</c> go.</summary>
internal sealed class EvalOutputs
{
    private readonly EvalRequest _request;

    /// <summary>Refuses, before any work is done, outputs that can't be written.</summary>
    /// <exception cref="CommandException">One is a folder, has no folder, is a file that is read or an older one that may not be replaced, or two are one.</exception>
    public EvalOutputs(EvalRequest request, IReadOnlyList<string> pictures)
    {
        _request = request;
        foreach (string path in request.OutputPaths)
        {
            OutputFile.Check(path, [.. pictures, .. request.Models]);
            OutputFile.CheckIsFree(path, request.Overwrite);
        }

        if (request.OutputPaths.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new CommandException($"The output '{twice.First()}' is given twice. Choose another name for one of them.");
        }
    }

    /// <summary>Prints and writes the results. Where one file can't be written, the others are all the same.</summary>
    /// <exception cref="CommandException">Not all could be written.</exception>
    public void Write(TextWriter output, EvaluationResult result)
    {
        byte[] json = _request.Json is null ? [] : result.ToJson();
        if (_request.Json == EvalRequest.StandardOutput)
        {
            output.WriteLine(Encoding.UTF8.GetString(json));
        }
        else
        {
            EvalTables.Print(output, result);
        }

        output.Flush();
        List<string> failures = [];
        TryWrite(_request.Json == EvalRequest.StandardOutput ? null : _request.Json, () => json, failures);
        TryWrite(_request.Csv, () => result.ToCsv(), failures);
        TryWrite(_request.Report, () => result.ToHtml(), failures);
        if (failures.Count > 0)
        {
            throw new CommandException(string.Join(" ", failures));
        }
    }

    private void TryWrite(string? path, Func<byte[]> make, List<string> failures)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            OutputFile.Write(path, make(), _request.Overwrite);
        }
        catch (CommandException e)
        {
            failures.Add(e.Message);
        }
    }
}
