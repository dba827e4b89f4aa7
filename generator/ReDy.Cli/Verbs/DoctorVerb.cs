using System.CommandLine;
using ReDy.Architecture;
using ReDy.GoldenModel.Functional.Engines;
using ReDy.Simulation.Tools;
using Spectre.Console;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy doctor</c>: the external tools, whether they are there, how to install them; the functional model's engines on this processor.</summary>
public sealed class DoctorVerb : IVerb
{
    public int Order => 890;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy doctor", "which tools are installed, and what to install"),
        new("redy doctor --json", "the same for programs"),
        new("REDY_KERNEL=portable redy doctor", "with an engine of the functional model forced, as every verb would then use it"),
    ];

    public Command Build()
    {
        Option<bool> json = SharedOptions.Json();
        var command = new Command("doctor", "Look for the external tools (version found, version needed, what for, how to install) and list the functional model's engines.") { json };
        command.SetAction(async (parse, cancellation) => await RunAsync(parse.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellation)
    {
        IReadOnlyList<SurveyedTool> tools = await ToolSurvey.FindAsync(cancellation);
        IReadOnlyList<SurveyedEngine> engines = SurveyEngines();
        bool complete = tools.All(tool => tool.Problem is null);
        if (json)
            Terminal.WriteJson(new { Complete = complete, Tools = tools, Engines = engines });
        else
            Print(tools, engines);
        return complete ? ExitCode.Success : ExitCode.BadInput;
    }

    /// <summary>Which engine multiplies large blocks of vectors on the default tile.</summary>
    private static SurveyedEngine[] SurveyEngines()
    {
        var geometry = new TileGeometry(new TileConfig());
        FunctionalEngine forced = FunctionalEngines.Choose(geometry, Measurement.Values);
        return [.. FunctionalEngines.All.Select(engine => new SurveyedEngine(
            engine.Name,
            engine.IsAvailable,
            engine.Needs,
            engine.Purpose,
            [.. Enum.GetValues<Measurement>().Where(measurement => engine == (FunctionalEngines.Forced is null ? FunctionalEngines.Choose(geometry, measurement) : forced) && engine.Supports(geometry, measurement))]))];
    }

    private static void Print(IReadOnlyList<SurveyedTool> tools, IReadOnlyList<SurveyedEngine> engines)
    {
        int names = tools.Max(tool => tool.Name.Length), versions = tools.Max(tool => Found(tool).Length);
        foreach (SurveyedTool tool in tools)
        {
            string colour = tool.Problem is null ? "green" : "red";
            string needed = tool.Minimum is null ? "" : $"{tool.Minimum} or newer";
            Terminal.Out.MarkupInterpolated($"{tool.Name.PadRight(names)}  [{colour}]{Found(tool).PadRight(versions)}[/]");
            Console.Out.WriteLine($"  {needed,-16}  {tool.Purpose}");
        }

        Console.Out.WriteLine("\nEngines of the functional model, fastest first:");
        int engineNames = engines.Max(engine => engine.Name.Length), needs = engines.Max(engine => engine.Needs.Length);
        foreach (SurveyedEngine engine in engines)
        {
            Terminal.Out.MarkupInterpolated($"{engine.Name.PadRight(engineNames)}  [{(engine.Available ? "green" : "yellow")}]{(engine.Available ? "here" : "not here")}[/]");
            string use = engine.InUseFor.Count == 0 ? "" : $"; in use for {string.Join(", ", engine.InUseFor.Select(measurement => Spell(measurement)))}";
            Console.Out.WriteLine($"{(engine.Available ? "    " : "")}  needs {engine.Needs.PadRight(needs)}  {engine.Purpose}{use}");
        }

        foreach (SurveyedTool tool in tools.Where(tool => tool.Problem is not null))
            Terminal.WriteError(tool.Problem!);
        string packages = string.Join(' ', tools.Where(tool => tool.Problem is not null).Select(tool => tool.Install[(tool.Install.LastIndexOf(' ') + 1)..]));
        if (packages.Length > 0)
            Console.Out.WriteLine($"\nTo install what is missing on Debian: sudo apt install {packages}");
    }

    private static string Spell(Measurement measurement) => measurement switch
    {
        Measurement.Values => "values",
        Measurement.Saturations => "saturations",
        _ => "toggles of ADC outputs",
    };

    private static string Found(SurveyedTool tool) => tool.Version ?? (tool.Path is null ? "missing" : "unusable");

    /// <param name="InUseFor">What the engine would be chosen for, with the default tile and many vectors.</param>
    private sealed record SurveyedEngine(string Name, bool Available, string Needs, string Purpose, IReadOnlyList<Measurement> InUseFor);
}
