using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ReDy.Cli;

/// <summary>The usual help, followed by an Examples section.</summary>
internal sealed class HelpWithExamplesAction(HelpAction help, IReadOnlyDictionary<Command, IReadOnlyList<Example>> examplesOf) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (!examplesOf.TryGetValue(parseResult.CommandResult.Command, out IReadOnlyList<Example>? examples) || examples.Count == 0)
            return ExitCode.Success;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        int width = examples.Max(example => example.CommandLine.Length);
        foreach (Example example in examples)
            output.WriteLine($"  {example.CommandLine.PadRight(width)}  {example.Purpose}");
        output.WriteLine();
        return ExitCode.Success;
    }
}
