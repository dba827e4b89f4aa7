namespace ReDy.Architecture;

/// <summary>
/// What the user gave (configuration, array, option, folder) or what the machine lacks (tool, disk space) is at fault, not the program.
/// The messages are complete sentences for the user: what, where, why, remedy. The command line prints them and exits with 2.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message) : this([message])
    {
    }

    /// <param name="problems">At least one; each is reported as a line of its own.</param>
    public InputException(IReadOnlyList<string> problems) : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    public InputException(string message, Exception cause) : base(message, cause) => Problems = [message];

    public IReadOnlyList<string> Problems { get; }
}
