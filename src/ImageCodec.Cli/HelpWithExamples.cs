using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace ImageCodec.Cli;

/// <summary>The usual help, then what a command has to say at more length, then its examples.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int WidthWithoutTerminal = 100;

    private static readonly ConditionalWeakTable<Command, Lesson> Lessons = [];

    private readonly HelpAction _usual;

    public HelpWithExamples(HelpAction usual)
    {
        _usual = usual;
        if (Console.IsOutputRedirected)
        {
            _usual.MaxWidth = WidthWithoutTerminal;
        }
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Sets what a command's help teaches.</summary>
    public static void Set(Command command, string details, string[] examples) => Lessons.Add(command, new Lesson(details, examples));

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = _usual.Invoke(parseResult);
        if (Lessons.TryGetValue(parseResult.CommandResult.Command, out Lesson? lesson))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Details:");
            WriteWrapped(output, lesson.Details, _usual.MaxWidth - 2);
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach (string example in lesson.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return code;
    }

    private static void WriteWrapped(TextWriter output, string text, int width)
    {
        string line = " ";
        foreach (string word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > width && line.Length > 1)
            {
                output.WriteLine(line);
                line = " ";
            }

            line += " " + word;
        }

        output.WriteLine(line);
    }

    private sealed record Lesson(string Details, string[] Examples);
}
