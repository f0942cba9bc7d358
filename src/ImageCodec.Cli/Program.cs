using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageCodec.Cli;

/// <summary>The <c>imagecodec</c> command: exit code 0, or 1 for what went wrong, or 2 for wrong usage, each of these with one line on standard error.</summary>
internal static class Program
{
    public const int Failure = 1;
    public const int WrongUsage = 2;

    private const string Name = "imagecodec";

    public static int Main(string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            // Without this a console shows «×» and names in other scripts as question marks.
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        using CancellationTokenSource interrupted = new();
        void Interrupt(PosixSignalContext context)
        {
            // The first signal ends the work cleanly, without half files; a second one ends the process at once.
            context.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        return Run(arguments, Console.Out, Console.Error, cancellationToken: interrupted.Token);
    }

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="openInput">Opens standard input for bytes; null for the process's own.</param>
    /// <param name="openOutput">Opens standard output for bytes; null for the process's own.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        Func<Stream>? openInput = null,
        Func<Stream>? openOutput = null,
        CancellationToken cancellationToken = default)
    {
        string command = Name;
        try
        {
            RootCommand root = CommandTree.Create(new CommandContext(
                output, error, openInput ?? Console.OpenStandardInput, openOutput ?? Console.OpenStandardOutput, cancellationToken));

            // File names may begin with «@», which would else name a file of arguments.
            ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            command = CommandTree.NameOf(parsed.CommandResult, Name);
            if (parsed.Action is not ParseErrorAction)
            {
                return parsed.Invoke(new InvocationConfiguration
                {
                    Output = output,
                    Error = error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                });
            }

            throw new UsageException(CommandTree.DescribeUsageError(parsed));
        }
        catch (UsageException e)
        {
            error.WriteLine(ErrorText.OneLine($"{command}: {e.Message} See '{command} --help'."));
            return WrongUsage;
        }
#pragma warning disable CA1031 // Whatever went wrong, the user gets one line and no stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error.WriteLine(ErrorText.OneLine($"{command}: {ErrorText.Describe(e)}"));
            return Failure;
        }
    }
}
