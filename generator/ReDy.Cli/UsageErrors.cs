using System.CommandLine;
using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Cli;

/// <summary>Says what is wrong with a command line, with the nearest thing that would have been right.</summary>
internal static partial class UsageErrors
{
    public static IEnumerable<string> Describe(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string path = Path(command);
        bool unknown = false;
        foreach (string token in parse.UnmatchedTokens)
        {
            unknown = true;
            yield return DescribeUnknown(token, command, path);
            if (command is RootCommand)
                break;
        }

        // Whatever else the parser says after an unknown word is a consequence of it.
        if (unknown)
            yield break;
        if (command is RootCommand)
            yield return "no verb given; see 'redy --help'";
        else
            foreach (var error in parse.Errors)
                yield return PathOptions.IsComplete(error) ? error.Message : $"{OnOneLine(error.Message)}; see '{path} --help'";
    }

    /// <summary>The words that lead to a command.</summary>
    private static string Path(Command command) =>
        command is RootCommand ? "redy" : $"{(command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent) : "redy")} {command.Name}";

    private static string OnOneLine(string message)
    {
        string line = string.Join(' ', message.Split((char[])['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.');
        return DotNetType().Replace(line, type => type.Groups[1].Value switch
        {
            "Int32" or "Int64" => "an integer",
            "Double" => "a number",
            "Boolean" => "true or false",
            _ => "a value",
        });
    }

    [GeneratedRegex(@"expected type 'System\.(\w+)'")]
    private static partial Regex DotNetType();

    private static string DescribeUnknown(string token, Command command, string path)
    {
        bool isOption = token.StartsWith('-');
        IEnumerable<string> known = isOption
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(verb => verb.Name);
        string what = isOption ? "option" : command is RootCommand ? "verb" : "argument";
        string remedy = Spelling.Nearest(token, known) is { } nearest ? $"did you mean '{nearest}'?" : $"see '{path} --help'";
        return $"unknown {what} '{token}' of '{path}'; {remedy}";
    }
}
