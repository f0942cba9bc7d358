using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ImageCodec.Cli.Commands;

namespace ImageCodec.Cli;

/// <summary>All commands, and what their help and their usage errors say.</summary>
internal static class CommandTree
{
    /// <summary>Makes the root command with everything below it.</summary>
    public static RootCommand Create(CommandContext context)
    {
        RootCommand root = new("Compresses and restores pictures with small neural networks; the same pixels on every machine.")
        {
            CompressCommand.Create(context),
            DecompressCommand.Create(context),
            InspectCommand.Create(context),
            ModelsCommand.Create(context),
            TrainCommand.Create(context),
            EvalCommand.Create(context),
            EntropyCommand.Create(context),
        };
        root.WithLesson(
            "The exit code is 0; or 1 where something went wrong, and then one line on standard error says what it was and what to do, and no output " +
            "file is left; or 2 where the command line is not understood.",
            "imagecodec compress photo.png photo.icd --bpp 0.5",
            "imagecodec decompress photo.icd restored.png",
            "imagecodec COMMAND --help");
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>«imagecodec compress» for a command's result.</summary>
    public static string NameOf(CommandResult result, string root) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent, root)} {result.Command.Name}" : root;

    /// <summary>One sentence on what is wrong with a command line.</summary>
    public static string DescribeUsageError(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [['-', _, ..] option, ..])
        {
            return $"There is no option '{option}' here.";
        }

        if (parsed.UnmatchedTokens is [string token, ..])
        {
            return parsed.CommandResult.Command.Subcommands.Count > 0
                ? $"There is no command '{token}'; there are {Names(parsed)}."
                : $"'{token}' is not understood here.";
        }

        return parsed.CommandResult.Command.Subcommands.Count > 0
            ? $"Give a command: {Names(parsed)}."
            : parsed.Errors[0].Message;
    }

    private static string Names(ParseResult parsed) => string.Join(", ", parsed.CommandResult.Command.Subcommands.Select(command => command.Name));
}
