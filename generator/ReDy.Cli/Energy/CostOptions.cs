using System.CommandLine;
using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>Options of the verbs that read component tables.</summary>
internal static class CostOptions
{
    public static Option<string?> Components() => new Option<string?>("--components")
    {
        Description = "Component table (YAML) whose rows take the place of the program's.",
    }.Reads("'redy components' shows the tables that come with the program, docs/energy.md how to write one");

    public static Option<double> Node() => new("--node")
    {
        Description = "Technology node in nm; rows of logic are scaled to it.",
        DefaultValueFactory = _ => ComponentTables.DefaultNode,
    };

    public static Option<string?> Explain() => new("--explain")
    {
        HelpName = "NAME",
        Description = "Print the arithmetic and the source of a component's rows, with the values of this tile.",
    };

    public static void CheckNode(double node)
    {
        if (!double.IsFinite(node) || node <= 0)
            throw new InputException($"--node {node}: a technology node is a positive number of nm; leave it out for {ComponentTables.DefaultNode}");
    }
}
