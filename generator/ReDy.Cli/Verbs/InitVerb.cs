using System.CommandLine;
using ReDy.Architecture;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy init</c>: writes a commented configuration to start from.</summary>
public sealed class InitVerb : IVerb
{
    private const string DefaultFile = "tile.yaml";
    private const string DefaultPreset = "redy";

    public int Order => 10;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy init", $"write {DefaultFile}, the ISAAC-like tile with dynamic precision"),
        new("redy init --preset tiny small.yaml", "write a tile that simulates in seconds"),
        new("redy init --preset isaac --schema", $"also write {TileConfigSchema.FileName}, with which editors complete and check the file"),
    ];

    public Command Build()
    {
        var file = new Argument<string>("FILE")
        {
            Description = $"Configuration file to write (default: {DefaultFile}).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var preset = new Option<string>("--preset", "-p") { Description = "Configuration to start from.", DefaultValueFactory = _ => DefaultPreset };
        preset.AcceptOnlyFromAmong([.. TilePresets.Names]);
        var force = new Option<bool>("--force", "-f") { Description = "Overwrite an existing file." };
        var schema = new Option<bool>("--schema") { Description = $"Also write {TileConfigSchema.FileName} beside it." };

        var command = new Command("init", "Write a commented configuration file of a tile.") { file, preset, force, schema };
        command.SetAction(parse => Run(parse.GetValue(file) ?? DefaultFile, parse.GetRequiredValue(preset), parse.GetValue(force), parse.GetValue(schema)));
        return command;
    }

    private static int Run(string path, string preset, bool force, bool withSchema)
    {
        string text = TilePresets.Text(preset);
        string schemaPath = Path.Combine(Path.GetDirectoryName(path) ?? "", TileConfigSchema.FileName);
        if (!withSchema)
            text = text[(text.IndexOf('\n') + 1)..]; // the editor's reference to the schema
        foreach (string target in withSchema ? [path, schemaPath] : (string[])[path])
            if (File.Exists(target) && !force)
                throw new InputException($"{target} exists; give another name, or --force to overwrite it");

        OutputFile.Write(path, text);
        Console.Out.WriteLine($"{path}: preset {preset}");
        if (withSchema)
        {
            OutputFile.Write(schemaPath, TileConfigSchema.Write());
            Console.Out.WriteLine($"{schemaPath}: JSON schema of {Path.GetFileName(path)}");
        }

        return ExitCode.Success;
    }
}
