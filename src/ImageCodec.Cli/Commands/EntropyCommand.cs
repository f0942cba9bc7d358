using System.Buffers;
using System.CommandLine;
using System.Globalization;
using ImageCodec.Entropy;

namespace ImageCodec.Cli.Commands;

/// <summary>Raw bytes through the seed-compatible coder.</summary>
internal static class EntropyCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("entropy", "Codes raw bytes with the adaptive arithmetic coder.")
        {
            CreateEncode(context),
            CreateDecode(context),
        };
        command.WithLesson(
            "It is the coder of order 0 over bytes that .icd files use, bit for bit compatible with the native coder of the system that this project grew from.",
            "imagecodec entropy encode symbols.bin stream.bin",
            "imagecodec entropy decode stream.bin symbols.bin --count 4096");
        return command;
    }

    private static Command CreateEncode(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT", "The file whose bytes are the symbols.");
        Argument<string> output = CommandParts.File("OUTPUT", "The stream to write.");
        Option<bool> overwrite = CommandParts.Overwrite();
        Command command = new("encode", "Codes the bytes of a file.") { input, output, overwrite };
        command.WithLesson(
            "Printed is the number of bytes coded: the stream does not hold it, and decoding needs it.",
            "imagecodec entropy encode symbols.bin stream.bin");
        command.SetAction(parsed => Encode(context, parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(overwrite)));
        return command;
    }

    private static Command CreateDecode(CommandContext context)
    {
        Argument<string> input = CommandParts.File("INPUT", "The stream, all of it and nothing else.");
        Argument<string> output = CommandParts.File("OUTPUT", "The file for the symbols.");
        Option<int?> count = CommandParts.WholeNumber("--count", "N", 0, AdaptiveCoder.MaxSymbolCount, "How many symbols the stream holds; 'entropy encode' printed it.");
        count.Required = true;
        Option<bool> overwrite = CommandParts.Overwrite();
        Command command = new("decode", "Restores the bytes of a stream.") { input, output, count, overwrite };
        command.WithLesson(
            "The whole stream is checked: it is taken only if coding the restored bytes would write it again.",
            "imagecodec entropy decode stream.bin symbols.bin --count 4096");
        command.SetAction(parsed => Decode(context, parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetRequiredValue(count)!.Value, parsed.GetValue(overwrite)));
        return command;
    }

    private static void Encode(CommandContext context, string input, string output, bool overwrite)
    {
        byte[] symbols = InputFile.Read(context, input);
        OutputFile.Check(output, input);
        OutputFile.CheckIsFree(output, overwrite);
        if (symbols.Length > AdaptiveCoder.MaxSymbolCount)
        {
            throw new CommandException($"'{input}' has {symbols.Length} bytes, more than the {AdaptiveCoder.MaxSymbolCount} that one stream takes. Cut it into parts.");
        }

        ArrayBufferWriter<byte> stream = new();
        long bytes = AdaptiveCoder.Encode(symbols, stream, context.CancellationToken);
        OutputFile.Write(context, output, stream.WrittenMemory, overwrite);
        context.ReportOn(output).WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {symbols.Length} symbols in {bytes} bytes; decode with --count {symbols.Length}"));
    }

    private static void Decode(CommandContext context, string input, string output, int count, bool overwrite)
    {
        byte[] stream = InputFile.Read(context, input);
        OutputFile.Check(output, input);
        OutputFile.CheckIsFree(output, overwrite);
        byte[] symbols = new byte[count];
        if (!AdaptiveCoder.TryDecode(stream, symbols, context.CancellationToken))
        {
            throw new CommandException(
                $"The {stream.Length} bytes of '{input}' are not a whole stream of {count} symbols. Check that --count is the number that 'entropy encode' printed.");
        }

        OutputFile.Write(context, output, symbols, overwrite);
        context.ReportOn(output).WriteLine($"{output}: {count} symbols");
    }
}
