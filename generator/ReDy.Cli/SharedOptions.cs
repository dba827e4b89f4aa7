using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
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

    /// <exception cref="InputException"><c>--clock</c> is no period that constraints can be written for.</exception>
    public static void CheckClock(double nanoseconds)
    {
        if (!double.IsFinite(nanoseconds) || nanoseconds < LeastPeriod)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--clock {nanoseconds}: a clock period is a number of ns, at least {LeastPeriod}, such as 10"));
    }

    /// <summary>A terahertz, in ns.</summary>
    private const double LeastPeriod = 0.001;

    public static Option<long> Seed() => new("--seed")
    {
        Description = "Seed of everything random; the same seed repeats the run exactly.",
        DefaultValueFactory = _ => 1,
    };
}
