using ReDy.Architecture;

namespace ReDy.Cli;

/// <summary>What the user sees when a verb throws, and the exit code. A stack trace only on request.</summary>
internal static class FailureReport
{
    /// <summary>Set to 1, failures that are not the user's show their stack trace.</summary>
    public const string TraceVariable = "REDY_TRACE";

    public static int Write(Exception exception)
    {
        if (exception is AggregateException { InnerExceptions: [var single] })
            return Write(single);
        foreach (string message in Messages(exception))
            Terminal.WriteError(message);
        if (exception is not (InputException or OperationCanceledException) && Environment.GetEnvironmentVariable(TraceVariable) == "1")
            Console.Error.WriteLine(exception);
        return exception is OperationCanceledException ? ExitCode.Interrupted : ExitCode.BadInput;
    }

    public static IReadOnlyList<string> Messages(Exception exception) => exception switch
    {
        OperationCanceledException => ["interrupted"],
        InputException input => input.Problems,
        IOException or UnauthorizedAccessException => [FirstLine(exception)],
        _ => [$"internal error: {exception.GetType().Name}: {FirstLine(exception)}; run again with {TraceVariable}=1 for details"],
    };

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
