using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ImageCodec.Cli;

/// <summary>Arguments and options that say in plain words what they expect.</summary>
internal static class CommandParts
{
    /// <summary>Adds details and examples to a command's help.</summary>
    public static void WithLesson(this Command command, string details, params string[] examples) => HelpWithExamples.Set(command, details, examples);

    /// <summary>A file name that must be given.</summary>
    public static Argument<string> File(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError($"{name} is an empty name.");
            }
        });
        return argument;
    }

    /// <summary>Names of files, at least one; the last name of the command line is left to the argument that follows. See <see cref="CheckNames"/>.</summary>
    public static Argument<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            string[] values = [.. result.Tokens.Take(Math.Max(1, result.Tokens.Count - 1)).Select(token => token.Value)];
            result.OnlyTake(values.Length);
            return values;
        },
    };

    /// <summary>Refuses names that <see cref="Files"/> took, but should not have: what looks like an option is one that there is not.</summary>
    /// <exception cref="UsageException">A name is empty, or looks like an option.</exception>
    public static void CheckNames(IReadOnlyList<string> inputs, string output)
    {
        foreach (string name in (IEnumerable<string>)[.. inputs, output])
        {
            if (name.Length == 0)
            {
                throw new UsageException("One of the files has an empty name.");
            }

            if (name is ['-', _, ..])
            {
                throw new UsageException($"There is no option '{name}' here; a file of that name is to be had as ./{name}.");
            }
        }
    }

    /// <summary>The option for a model, which completes to the names of those that are built in.</summary>
    public static Option<string?> Model(string valueName, string description)
    {
        Option<string?> option = Text("--model", valueName, description);
        option.CompletionSources.Add(_ => PretrainedModel.All.Select(model => new CompletionItem(model.Name)));
        return option;
    }

    /// <summary>An option that takes a text.</summary>
    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description };

    /// <summary>An option that takes one of some words.</summary>
    public static Option<string?> Choice(string name, string valueName, IReadOnlyList<string> choices, string description)
    {
        Option<string?> option = Text(name, valueName, description);
        option.CompletionSources.Add(_ => choices.Select(choice => new CompletionItem(choice)));
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string value }] && !choices.Contains(value))
            {
                result.AddError($"{name} takes one of {string.Join(", ", choices)}, but '{value}' was given.");
            }
        });
        return option;
    }

    /// <summary>An option that takes a whole number of a range.</summary>
    public static Option<int?> WholeNumber(string name, string valueName, int min, int max, string description) => new(name)
    {
        HelpName = valueName,
        Description = description,
        CustomParser = result => Parse<int>(
            result, name, NumberStyles.AllowLeadingSign, value => value >= min && value <= max,
            max == int.MaxValue ? $"a whole number from {min}" : $"a whole number from {min} to {max}"),
    };

    /// <summary>An option that may be given several times, each with a whole number from a lowest on.</summary>
    public static Option<int[]> WholeNumbers(string name, string valueName, int min, string description) => new(name)
    {
        HelpName = valueName,
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            int[] values = [.. result.Tokens.Select(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out int value) ? value : int.MinValue)];
            int wrong = Array.FindIndex(values, value => value < min);
            if (wrong >= 0)
            {
                result.AddError($"{name} takes a whole number from {min}, but '{result.Tokens[wrong].Value}' was given.");
            }

            return values;
        },
    };

    /// <summary>An option that takes a number above zero, up to a largest one.</summary>
    public static Option<double?> PositiveNumber(string name, string valueName, string description, double max = double.MaxValue) => new(name)
    {
        HelpName = valueName,
        Description = description,
        CustomParser = result => Parse<double>(
            result, name, NumberStyles.Float, value => value > 0 && value <= max,
            max == double.MaxValue ? "a number above zero, such as 0.5" : string.Create(CultureInfo.InvariantCulture, $"a number above zero and up to {max}, such as 0.5")),
    };

    /// <summary>How long to look for something better.</summary>
    public static Option<int?> Effort() => WholeNumber(
        "--effort", "0..9", 0, 9,
        "How long to look for a file that is smaller for its quality: up to a minute a megapixel with 'photo', from seconds to many minutes with " +
        "'fitted'; others have no use for it. [default: 0]");

    /// <summary>How large a picture may be.</summary>
    public static Option<int?> MaxPixels() => WholeNumber(
        "--max-pixels",
        "N",
        1,
        RgbImage.MaxPixelCount,
        $"Refuse larger pictures, before memory is taken for them. [default: {ImageCompressor.DefaultMaxPixelCount.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>Whether older files may be replaced.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace older files." };

    /// <summary>Whether pictures are passed over whose outputs exist.</summary>
    public static Option<bool> SkipExisting() => new("--skip-existing")
    {
        Description = "Pass over pictures whose outputs exist, so that a run that was stopped can go on. Outputs are always whole.",
    };

    /// <summary>Whether outputs take their inputs' times.</summary>
    public static Option<bool> KeepTimes() => new("--keep-times") { Description = "Give each file that is written the time at which its input was changed last." };

    /// <summary>Refuses the one with the other.</summary>
    public static void CheckExisting(Command command, Option<bool> overwrite, Option<bool> skipExisting) => command.Validators.Add(result =>
    {
        if (result.GetValue(overwrite) && result.GetValue(skipExisting))
        {
            result.AddError("Give only one of --overwrite and --skip-existing.");
        }
    });

    /// <summary>What is done where an output exists.</summary>
    public static ExistingOutput Existing(ParseResult parsed, Option<bool> overwrite, Option<bool> skipExisting) =>
        parsed.GetValue(overwrite) ? ExistingOutput.Overwrite : parsed.GetValue(skipExisting) ? ExistingOutput.Skip : ExistingOutput.Refuse;

    private static T? Parse<T>(ArgumentResult result, string name, NumberStyles styles, Func<T, bool> fits, string expected)
        where T : struct, System.Numerics.INumber<T>
    {
        string text = result.Tokens is [{ } token, ..] ? token.Value : "";
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out T value) && fits(value))
        {
            return value;
        }

        result.AddError($"{name} takes {expected}, but '{text}' was given.");
        return null;
    }
}
