using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ReDy.GoldenModel.Functional.Engines;

namespace ReDy.Cli;

public static class Program
{
    /// <summary>How long a verb may take to end its child processes after Ctrl-C.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            RootCommand root = BuildRoot();
            ParseResult parse = root.Parse(arguments);
            if (parse.Action is ParseErrorAction)
            {
                foreach (string message in UsageErrors.Describe(parse))
                    Terminal.WriteError(message);
                return ExitCode.BadInput;
            }

            if (parse.Action == parse.CommandResult.Command.Action)
                FunctionalEngines.CheckForced();
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TerminationTimeout,
            };
            return await parse.InvokeAsync(invocation);
        }
        catch (Exception exception)
        {
            return FailureReport.Write(exception);
        }
    }

    internal static RootCommand BuildRoot()
    {
        var root = new RootCommand(
            "Generates Verilog of ReRAM processing-in-memory tiles with dynamic precision and proves it against a golden model.");
        var examples = new Dictionary<Command, IReadOnlyList<Example>>
        {
            [root] =
            [
                new Example("redy init --preset tiny tile.yaml", "write a small configuration to start from"),
                new Example("redy check tile.yaml", "see what follows from it, or what is wrong with it"),
                new Example("redy generate tile.yaml", "write its Verilog"),
                new Example("redy verify tile.yaml", "prove the Verilog against the golden model, every clock"),
            ],
        };
        foreach (IVerb verb in Verbs())
        {
            Command command = verb.Build();
            examples.Add(command, verb.Examples);
            foreach ((Command subverb, IReadOnlyList<Example> itsExamples) in verb.Subverbs)
                examples.Add(subverb, itsExamples);
            root.Add(command);
        }

        var help = new HelpOption("--help", "-h") { Recursive = true, Description = "Show help, with examples." };
        help.Action = new HelpWithExamplesAction((HelpAction)help.Action!, examples);
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Insert(0, help);
        return root;
    }

    private static IEnumerable<IVerb> Verbs() =>
        typeof(IVerb).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVerb)))
            .Select(type => (IVerb)Activator.CreateInstance(type)!)
            .OrderBy(verb => verb.Order);
}
