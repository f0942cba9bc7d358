namespace ImageCodec.NeuralNetworks;

/// <summary>The errors of pickles, in one voice.</summary>
internal static class PickleError
{
    private const string Format = PyTorchCheckpoint.Format + "'s data.pkl";

    /// <summary>Makes an error.</summary>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="offset">The byte of the pickle, not of the whole file.</param>
    /// <param name="cause">The cause, if another exception showed it.</param>
    public static InvalidFileException Make(string problem, long offset, Exception? cause = null) => new(Format, problem, offset, cause);

    /// <summary>What a value is, for a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long => "a whole number",
        double => "a number",
        string text => "the text " + FoundText.Quote(text),
        object?[] tuple => $"a tuple of {tuple.Length}",
        PickleList => "a list",
        PickleDictionary => "a dictionary",
        PickleTensor or PickleStorage => "a tensor or its storage",
        _ => "a Python object",
    };
}
