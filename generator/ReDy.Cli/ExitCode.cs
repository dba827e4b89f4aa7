namespace ReDy.Cli;

public static class ExitCode
{
    public const int Success = 0;

    /// <summary>A mismatch, a stale folder, a hang: the tool worked and the answer is no.</summary>
    public const int Failure = 1;

    /// <summary>Bad input, a missing or crashed tool, a full disk.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
