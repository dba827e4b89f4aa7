using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Simulation.Build;

namespace ReDy.Synthesis.Flow;

/// <summary>Which tile is mapped to which cells, and where the results go.</summary>
public abstract record MappingRequest
{
    /// <summary>File that the configuration is from.</summary>
    public required string ConfigPath { get; init; }
    public required TileConfig Config { get; init; }

    /// <summary>Null: the library that is installed.</summary>
    public string? LibertyPath { get; init; }

    /// <summary>What the macros, and flip-flops where <c>redy energy</c> prices them, are priced by.</summary>
    public ComponentTable Components { get; init; } = ComponentTables.Default;
    public required string OutputPath { get; init; }
    public ContentCache Cache { get; init; } = new();
}
