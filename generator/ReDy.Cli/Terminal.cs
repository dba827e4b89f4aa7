using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace ReDy.Cli;

/// <summary>
/// Where verbs write: results to <see cref="Out"/>, progress and errors to <see cref="Error"/>. Colours, progress bars and line
/// wrapping only happen on a terminal; NO_COLOR is honoured.
/// </summary>
public static class Terminal
{
    private const int WidthWithoutTerminal = 200;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether progress may be redrawn in place.</summary>
    public static bool ShowsProgress => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The result of a verb for machines: indented JSON with snake_case keys and a final newline.</summary>
    public static void WriteJson<T>(T result) => Console.Out.WriteLine(JsonSerializer.Serialize(result, JsonOptions));

    public static void WriteError(string message) => WritePrefixed("red", "error", message);

    public static void WriteWarning(string message) => WritePrefixed("yellow", "warning", message);

    private static void WritePrefixed(string colour, string prefix, string message)
    {
        // Word wrapping would break paths and columns: the message itself goes to the plain stream.
        Error.Markup($"[{colour}]{prefix}:[/] ");
        Console.Error.WriteLine(message);
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = WidthWithoutTerminal;
        return console;
    }
}
