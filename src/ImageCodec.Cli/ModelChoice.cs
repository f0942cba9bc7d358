namespace ImageCodec.Cli;

/// <summary>What <c>--model</c> names: a built-in model, or a weights file.</summary>
internal static class ModelChoice
{
    /// <summary>Loads the compressor of a name or file.</summary>
    /// <exception cref="CommandException">There is no such model or file, or it is damaged.</exception>
    public static ImageCompressor Load(string nameOrFile)
    {
        // A file of a built-in model's name is still to be had as ./NAME.
        if (PretrainedModel.All.Any(model => model.Name == nameOrFile))
        {
            return ImageCompressor.LoadPretrained(nameOrFile);
        }

        if (!File.Exists(nameOrFile) && !Directory.Exists(nameOrFile))
        {
            throw new CommandException(
                $"There is no model and no file '{nameOrFile}'. Give {BuiltIn}, or the path of a .safetensors or .pth file.");
        }

        InputFile.CheckIsFile(nameOrFile);
        try
        {
            return InputFile.Explain(nameOrFile, path => ImageCompressor.Load(path));
        }
        catch (InvalidFileException e)
        {
            throw new CommandException(
                $"'{nameOrFile}' holds no weights that can be used: {e.Message} Give a .safetensors file that 'imagecodec train' wrote, or a .pth file of the same architectures.", e);
        }
    }

    /// <summary>The built-in models in a sentence.</summary>
    public static string BuiltIn => PretrainedModel.All switch
    {
        [] => "a built-in model (this build has none)",
        [{ } only] => $"the built-in model '{only.Name}'",
        { } all => $"one of the built-in models {string.Join(", ", all.Select(model => $"'{model.Name}'"))}",
    };
}
