using System.CommandLine;
using ReDy.Architecture;
using Spectre.Console;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy check</c>: everything that is wrong with a configuration, or what follows from it.</summary>
public sealed class CheckVerb : IVerb
{
    public int Order => 20;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy check tile.yaml", "all problems, or the derived figures"),
        new("redy check tile.yaml --json", "the same for programs"),
    ];

    public Command Build()
    {
        Argument<string> file = SharedOptions.ConfigFile();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("check", "Check a configuration and print what follows from it.") { file, json };
        command.SetAction(parse => Run(parse.GetRequiredValue(file), parse.GetValue(json)));
        return command;
    }

    private static int Run(string path, bool json)
    {
        TileConfigInspection inspection = TileConfigFile.Inspect(path);
        bool isLegal = inspection.Problems.Count == 0;
        IReadOnlyList<TileFigure> figures = isLegal ? TileFigures.Of(new TileGeometry(inspection.Config)) : [];
        if (json)
        {
            Terminal.WriteJson(new
            {
                File = inspection.FileName,
                Legal = isLegal,
                inspection.Problems,
                inspection.Warnings,
                Figures = figures.ToDictionary(figure => figure.Name, figure => figure.Value),
            });
            return isLegal ? ExitCode.Success : ExitCode.BadInput;
        }

        foreach (ConfigProblem problem in inspection.Problems)
            Terminal.WriteError(problem.ToString());
        foreach (ConfigProblem warning in inspection.Warnings)
            Terminal.WriteWarning(warning.ToString());
        if (!isLegal)
            return ExitCode.BadInput;
        Print(inspection.FileName, figures);
        return ExitCode.Success;
    }

    private static void Print(string fileName, IReadOnlyList<TileFigure> figures)
    {
        Terminal.Out.MarkupLineInterpolated($"{fileName}: [green]legal[/]");
        int labels = figures.Max(figure => figure.Label.Length), values = figures.Max(figure => figure.Shown.Length);
        foreach (IGrouping<string, TileFigure> group in figures.GroupBy(figure => figure.Group))
        {
            Terminal.Out.WriteLine();
            Terminal.Out.MarkupLineInterpolated($"[bold]{group.Key}[/]");
            foreach (TileFigure figure in group)
                Console.Out.WriteLine($"  {figure.Label.PadRight(labels)}  {figure.Shown.PadLeft(values)}  {figure.Explanation}".TrimEnd());
        }
    }
}
