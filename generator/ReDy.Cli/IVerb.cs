using System.CommandLine;

namespace ReDy.Cli;

/// <summary>One line of a verb's Examples section.</summary>
public sealed record Example(string CommandLine, string Purpose);

/// <summary>
/// A verb of the program, such as <c>redy check</c>. Every class in this assembly that implements it (with a constructor
/// without parameters) is found and offered: a new verb is a new file. Its action returns an <see cref="ExitCode"/>, writes results
/// to stdout and progress to stderr, and lets <see cref="ReDy.Architecture.InputException"/>, I/O and cancellation exceptions pass.
/// </summary>
public interface IVerb
{
    /// <summary>Place in the list of verbs that <c>redy --help</c> shows, ascending: the order in which a user meets them.</summary>
    int Order { get; }

    IReadOnlyList<Example> Examples { get; }

    /// <summary>Asked for once, before <see cref="Subverbs"/>.</summary>
    Command Build();

    /// <summary>Commands inside the one that <see cref="Build"/> returned, with their own examples.</summary>
    IEnumerable<(Command Command, IReadOnlyList<Example> Examples)> Subverbs => [];
}
