using System.CommandLine;
using ReDy.Architecture;

namespace ReDy.Cli;

/// <summary>Says what is wrong with a command line, with the nearest thing that would have been right.</summary>
internal static class UsageErrors
{
    public static IEnumerable<string> Describe(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string path = command is RootCommand ? "redy" : $"redy {command.Name}";
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
                yield return $"{OnOneLine(error.Message)}; see '{path} --help'";
    }

    private static string OnOneLine(string message) =>
        string.Join(' ', message.Split((char[])['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.');

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
