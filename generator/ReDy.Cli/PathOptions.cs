using System.CommandLine;
using System.CommandLine.Parsing;

namespace ReDy.Cli;

/// <summary>Options that name files or folders: what is wrong with a name is told, with what to do, before anything is read or computed.</summary>
internal static class PathOptions
{
    public const string File = "FILE", Folder = "FOLDER";

    /// <summary>A file that must be there.</summary>
    /// <param name="remedy">What to do when it is not.</param>
    /// <param name="pathsIn">The paths in a value that is more than one; null: it is one.</param>
    public static Option<T> Reads<T>(this Option<T> option, string remedy, Func<string, IEnumerable<string>>? pathsIn = null) =>
        Checked(option, File, value =>
        {
            if ((pathsIn?.Invoke(value) ?? [value]).FirstOrDefault(path => !System.IO.File.Exists(path)) is not { } missing)
                return null;
            string which = missing == value ? "" : $" {missing}";
            return Directory.Exists(missing) ? $"a folder{which}, no file; {remedy}" : $"no such file{which}; {remedy}";
        });

    /// <summary>A folder that must be there.</summary>
    public static Option<T> ReadsFolder<T>(this Option<T> option, string remedy) =>
        Checked(option, Folder, value => Directory.Exists(value) ? null : $"no such folder; {remedy}");

    /// <summary>A file in a folder that must be there.</summary>
    public static Option<T> Writes<T>(this Option<T> option) => Checked(option, File, value =>
    {
        if (Directory.Exists(value))
            return "is a folder; name a file in it";
        string folder = Path.GetDirectoryName(Path.GetFullPath(value)) ?? "/";
        return Directory.Exists(folder) ? null : $"there is no folder {folder}; make it, or name a file elsewhere";
    });

    /// <summary>Whether a message of the parser is one of these, which need no further advice.</summary>
    public static bool IsComplete(ParseError error) => error.SymbolResult is OptionResult option && error.Message.StartsWith(option.Option.Name + " ", StringComparison.Ordinal);

    private static Option<T> Checked<T>(Option<T> option, string helpName, Func<string, string?> problem)
    {
        option.HelpName ??= helpName;
        option.Validators.Add(result =>
        {
            foreach (string value in result.Implicit ? [] : result.Tokens.Select(token => token.Value))
                if (problem(value) is { } why)
                    result.AddError($"{option.Name} {value}: {why}");
        });
        return option;
    }
}
