using System.CommandLine;
using System.Diagnostics;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;
using ReDy.Rtl;
using ReDy.Synthesis.Handoff;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy generate</c>: the Verilog of a tile, or whether a folder still is it.</summary>
public sealed class GenerateVerb : IVerb
{
    public int Order => 30;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy generate tile.yaml", "write the Verilog of the tile to the folder tile-rtl"),
        new("redy generate tile.yaml -o hardware/tile", "the same to another folder"),
        new("redy generate tile.yaml --saif tile.saif", "with what redy verify --netlist --saif tile.saif recorded, for power"),
        new("redy generate --check tile.yaml -o hardware/tile", "exit 1 if the folder is not what the configuration gives"),
    ];

    public Command Build()
    {
        Argument<string> file = SharedOptions.ConfigFile();
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "FOLDER",
            Description = "Folder of the bundle; a bundle that is there is replaced (default: the configuration's name with -rtl).",
        };
        var check = new Option<bool>("--check") { Description = "Write nothing; say whether the folder is what would be generated." };
        var saif = new Option<string?>("--saif")
        {
            Description = $"Switching recorded by redy verify --saif on this configuration; becomes {HandoffActivity.Path}. With --check: the folder's own if left out.",
        }.Reads("record one with redy verify --netlist --saif FILE");
        Option<string?> components = CostOptions.Components();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("generate", "Generate the Verilog of a tile, with file lists, register map, manifest and what a synthesis flow needs.") { file, output, check, saif, components, json };
        command.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(file);
            string folder = parse.GetValue(output) ?? Path.GetFileNameWithoutExtension(path) + "-rtl";
            TileConfig config = TileConfigFile.Load(path);
            ComponentTable table = ComponentTables.Load(parse.GetValue(components));
            var watch = Stopwatch.StartNew();
            HandoffActivity? activity = parse.GetValue(saif) is { } record ? HandoffActivity.Load(record, config)
                : parse.GetValue(check) ? HandoffActivity.In(folder, config) : null;
            RtlBundle bundle = HandoffFolder.Generate(config, table, activity);
            return parse.GetValue(check) ? Check(bundle, path, folder, parse.GetValue(json)) : Generate(bundle, folder, watch, parse.GetValue(json));
        });
        return command;
    }

    private static int Generate(RtlBundle bundle, string folder, Stopwatch watch, bool json)
    {
        BundleFolder.Write(bundle, folder);
        double seconds = watch.Elapsed.TotalSeconds;
        if (json)
            Terminal.WriteJson(new
            {
                Folder = folder,
                bundle.TopModule,
                Files = bundle.Files.Select(file => new { file.Path, file.Sha256 }),
                Seconds = Math.Round(seconds, 3),
            });
        else
            Console.Out.WriteLine($"{folder}: {bundle.Files.Count} files, top module {bundle.TopModule}");
        return ExitCode.Success;
    }

    private static int Check(RtlBundle bundle, string path, string folder, bool json)
    {
        BundleDifferences differences = BundleFolder.Compare(bundle, folder);
        if (json)
            Terminal.WriteJson(new { Folder = folder, UpToDate = differences.None, differences.Changed, differences.Missing, differences.Extra });
        else if (differences.None)
            Console.Out.WriteLine($"{folder}: up to date with {path}");
        else
        {
            Console.Out.WriteLine($"{folder}: stale, not what {path} gives");
            Print("changed", differences.Changed);
            Print("missing", differences.Missing);
            Print("extra", differences.Extra);
        }

        return differences.None ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Print(string what, IEnumerable<string> paths)
    {
        foreach (string path in paths)
            Console.Out.WriteLine($"  {what}  {path}");
    }
}
