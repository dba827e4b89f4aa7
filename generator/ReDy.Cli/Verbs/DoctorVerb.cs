using System.CommandLine;
using ReDy.Simulation.Tools;
using Spectre.Console;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy doctor</c>: the external tools, whether they are there, and how to install them.</summary>
public sealed class DoctorVerb : IVerb
{
    public int Order => 890;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy doctor", "which tools are installed, and what to install"),
        new("redy doctor --json", "the same for programs"),
    ];

    public Command Build()
    {
        Option<bool> json = SharedOptions.Json();
        var command = new Command("doctor", "Look for the external tools: version found, version needed, what for, how to install.") { json };
        command.SetAction(async (parse, cancellation) => await RunAsync(parse.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellation)
    {
        IReadOnlyList<SurveyedTool> tools = await ToolSurvey.FindAsync(cancellation);
        bool complete = tools.All(tool => tool.Problem is null);
        if (json)
            Terminal.WriteJson(new { Complete = complete, Tools = tools });
        else
            Print(tools);
        return complete ? ExitCode.Success : ExitCode.BadInput;
    }

    private static void Print(IReadOnlyList<SurveyedTool> tools)
    {
        int names = tools.Max(tool => tool.Name.Length), versions = tools.Max(tool => Found(tool).Length);
        foreach (SurveyedTool tool in tools)
        {
            string colour = tool.Problem is null ? "green" : "red";
            string needed = tool.Minimum is null ? "" : $"{tool.Minimum} or newer";
            Terminal.Out.MarkupInterpolated($"{tool.Name.PadRight(names)}  [{colour}]{Found(tool).PadRight(versions)}[/]");
            Console.Out.WriteLine($"  {needed,-16}  {tool.Purpose}");
        }

        foreach (SurveyedTool tool in tools.Where(tool => tool.Problem is not null))
            Terminal.WriteError(tool.Problem!);
        string packages = string.Join(' ', tools.Where(tool => tool.Problem is not null).Select(tool => tool.Install[(tool.Install.LastIndexOf(' ') + 1)..]));
        if (packages.Length > 0)
            Console.Out.WriteLine($"\nTo install what is missing on Debian: sudo apt install {packages}");
    }

    private static string Found(SurveyedTool tool) => tool.Version ?? (tool.Path is null ? "missing" : "unusable");
}
