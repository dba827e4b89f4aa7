using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;
using ReDy.Synthesis.Flow;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy synth</c>: area and timing of the tile, on a netlist of library cells.</summary>
public sealed class SynthVerb : IVerb
{
    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly Option<string?> liberty = SharedOptions.Liberty("Standard-cell library (Liberty). Default: $REDY_LIBERTY, else the OSU 180 nm cells if they are installed.");
    private readonly Option<double?> clock = new("--clock") { HelpName = "NS", Description = "Clock period in ns; exit 1 if the netlist is slower." };
    private readonly Option<string[]> corner = new Option<string[]>("--corner") { HelpName = "NAME=FILE", Description = "Time the netlist with the library's Liberty file of another corner too; may be repeated." }.Reads("name the Liberty file of another corner of the library, NAME=FILE", value => [value[(value.IndexOf('=') + 1)..]]);
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<string?> output = new("--output", "-o") { HelpName = "FOLDER", Description = "Folder of the run; runs/<configuration>-synth if left out." };
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 60;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy synth tile.yaml", "area by module, slowest path, maximum clock with the installed library"),
        new("redy synth tile.yaml --clock 10", "exit 1 if 10 ns are not met, in any corner"),
        new("redy synth tile.yaml --liberty sky130_fd_sc_hd__tt_025C_1v80.lib --corner slow=sky130_fd_sc_hd__ss_100C_1v60.lib", "your library, and its slow corner"),
    ];

    public Command Build()
    {
        var command = new Command("synth", "Map the tile to a standard-cell library (Yosys) and time it (OpenSTA).") { file, liberty, clock, corner, components, output, json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        string path = parse.GetRequiredValue(file);
        double? period = parse.GetValue(clock);
        if (period is { } asked)
            SharedOptions.CheckClock(asked);
        var request = new SynthesisRequest
        {
            ConfigPath = path,
            Config = TileConfigFile.Load(path),
            LibertyPath = parse.GetValue(liberty),
            ClockNanoseconds = period,
            Corners = Corners(parse.GetValue(corner) ?? []),
            Components = ComponentTables.Load(parse.GetValue(components)),
            OutputPath = parse.GetValue(output) ?? Path.Combine("runs", $"{Path.GetFileNameWithoutExtension(path)}-synth"),
        };
        (SynthesisResult result, SynthesisTimes times) = await VerifyProgress.ShowAsync(0, (_, step) => SynthesisRun.ExecuteAsync(request, step, cancellation));
        if (parse.GetValue(json))
        {
            Terminal.WriteJson(new { Result = result, Times = times, Folder = request.OutputPath });
        }
        else
        {
            Console.Out.Write(SynthesisText.Of(result));
            Console.Out.WriteLine($"{"time",-18}{(times.MappingCached ? "netlist cached" : string.Create(CultureInfo.InvariantCulture, $"mapping {times.MappingSeconds:0.0} s"))}, timing {times.TimingSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
            Console.Out.WriteLine($"{"folder",-18}{request.OutputPath}");
        }

        return result.MeetsClock ? ExitCode.Success : ExitCode.Failure;
    }

    private static List<(string Name, string Path)> Corners(string[] texts)
    {
        List<(string Name, string Path)> corners = [];
        foreach (string text in texts)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } path] || !name.All(char.IsAsciiLetterOrDigit))
                throw new InputException($"--corner {text}: write NAME=FILE, a name of letters and digits and a Liberty file");
            if (name == SynthesisRun.NominalCorner || corners.Any(corner => corner.Name == name))
                throw new InputException($"--corner {text}: there is a corner {name} already{(name == SynthesisRun.NominalCorner ? ", that of the library which is mapped to" : "")}; give each a name of its own");
            corners.Add((name, path));
        }

        return corners;
    }
}
