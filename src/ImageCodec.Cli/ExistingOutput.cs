namespace ImageCodec.Cli;

/// <summary>What is done where an output exists.</summary>
internal enum ExistingOutput
{
    /// <summary>It is an error.</summary>
    Refuse,

    /// <summary>It is replaced.</summary>
    Overwrite,

    /// <summary>The picture is passed over.</summary>
    Skip,
}
