using System.ComponentModel;
using System.Globalization;
using CliWrap;
using ReDy.Architecture;

namespace ReDy.Simulation.Tools;

/// <summary>Everything that a finished program printed.</summary>
public sealed record ToolOutput(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>Standard output, then standard error.</summary>
    public string Text => StandardOutput + StandardError;
}

/// <summary>One run of an external program. Cancelling kills it with all its children.</summary>
/// <param name="nextStep">What a user can do when it fails, a sentence.</param>
internal sealed class ToolProcess(string name, string path, IReadOnlyList<string> arguments, string nextStep)
{
    private const int LinesShown = 20;

    public string WorkingFolder { get; init; } = Directory.GetCurrentDirectory();
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Variables that it gets besides this program's own; null: it does not get this program's.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Told every line of its standard output as it is printed.</summary>
    public Action<string>? OutputLine { get; init; }

    /// <summary>An exit code other than 0 is an answer, not a failure.</summary>
    public bool AnyExitCode { get; init; }

    public string CommandLine => string.Join(' ', arguments.Prepend(path).Select(Quoted));

    /// <exception cref="InputException">Could not be started, failed, or took longer than <see cref="Timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the process tree is gone.</exception>
    public async Task<ToolOutput> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        var output = new System.Text.StringBuilder();
        var error = new System.Text.StringBuilder();
        try
        {
            CommandResult result = await Cli.Wrap(path)
                .WithArguments(arguments)
                .WithWorkingDirectory(WorkingFolder)
                .WithEnvironmentVariables(Environment)
                .WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(OutputLine is null ? PipeTarget.ToStringBuilder(output) : PipeTarget.Merge(PipeTarget.ToStringBuilder(output), PipeTarget.ToDelegate(OutputLine)))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
                .ExecuteAsync(limit.Token);
            var finished = new ToolOutput(result.ExitCode, output.ToString(), error.ToString());
            return AnyExitCode || result.ExitCode == 0 ? finished : throw Failed($"ended with exit code {result.ExitCode}", finished);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"did not end within {Timeout.TotalSeconds:0.#} s and was killed"), new ToolOutput(-1, output.ToString(), error.ToString()));
        }
        catch (Win32Exception problem)
        {
            throw new InputException($"{name} cannot be started: {CommandLine}: {problem.Message}. {nextStep}", problem);
        }
    }

    private InputException Failed(string how, ToolOutput output)
    {
        string[] lines = (output.StandardError.Trim().Length > 0 ? output.StandardError : output.StandardOutput).TrimEnd().Split('\n');
        string shown = string.Join(System.Environment.NewLine, lines.TakeLast(LinesShown).Select(line => "  " + line.TrimEnd()));
        return new InputException(
            $"{name} {how}.{System.Environment.NewLine}Command: {CommandLine}{System.Environment.NewLine}Folder: {WorkingFolder}{System.Environment.NewLine}"
            + $"Its last lines:{System.Environment.NewLine}{shown}{System.Environment.NewLine}{nextStep}");
    }

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=+:,%@".Contains(letter)) ? argument : $"'{argument.Replace("'", "'\\''")}'";
}
