using System.CommandLine;
using ReDy.Simulation.Tools;

namespace ReDy.Cli;

/// <summary>Arguments and options that several verbs have, so that they read the same everywhere.</summary>
public static class SharedOptions
{
    public static Argument<string> ConfigFile() => new("FILE")
    {
        Description = "Configuration file of the tile (YAML); 'redy init' writes one.",
    };

    public static Option<string?> Liberty(string description) => new Option<string?>("--liberty") { Description = description }
        .Reads($"name a Liberty file, or leave it out and install one: apt install {InstalledLibrary.Package}");

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print the result as JSON on stdout.",
    };

    public static Option<long> Seed() => new("--seed")
    {
        Description = "Seed of everything random; the same seed repeats the run exactly.",
        DefaultValueFactory = _ => 1,
    };
}
