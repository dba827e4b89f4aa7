using System.CommandLine;
using ReDy.Architecture;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy schema</c>: the JSON schema of configuration files.</summary>
public sealed class SchemaVerb : IVerb
{
    public int Order => 900;

    public IReadOnlyList<Example> Examples =>
    [
        new($"redy schema > {TileConfigSchema.FileName}", "then begin the configuration with:"),
        new("", $"# yaml-language-server: $schema={TileConfigSchema.FileName}"),
    ];

    public Command Build()
    {
        var command = new Command("schema", "Print the JSON schema of configuration files, with which editors complete and check them.");
        command.SetAction(_ => Console.Out.Write(TileConfigSchema.Write()));
        return command;
    }
}
