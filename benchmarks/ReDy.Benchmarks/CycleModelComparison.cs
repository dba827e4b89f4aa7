using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;

namespace ReDy.Benchmarks;

/// <summary>Golden model and Verilator simulation of the same tile through the same clocks, in turns.</summary>
/// <param name="Tools">Verilator and C++ compiler.</param>
public sealed record CycleModelComparison(string Name, int Crossbars, LockstepCost Cost, string Tools)
{
    private const long Clocks = 200_000;

    /// <summary>From the smallest tile to the default one.</summary>
    public static IReadOnlyList<(string Name, TileConfig Config)> Tiles
    {
        get
        {
            TileConfig redy = TilePresets.Config("redy");
            return [("preset tiny", TilePresets.Config("tiny")), ("one IMA of preset redy", redy with { Tile = redy.Tile with { Rows = 1, Columns = 1 } }), ("preset redy", redy)];
        }
    }

    public static async Task<CycleModelComparison> MeasureAsync(string name, TileConfig config)
    {
        var request = new VerifyRequest
        {
            ConfigPath = "",
            Config = config,
            Operands = new OperandChoice { Classes = [OperandClass.Uniform, OperandClass.Sparse], VectorsPerClass = 16, Seed = 1 },
            Stimulus = StimulusOptions.Of(1, StallLevel.None) with { WeightsBy = WeightLoading.Backdoor },
            OutputPath = "",
        };
        (LockstepCost cost, IReadOnlyList<InstalledTool> tools) = await VerifyRun.BenchmarkAsync(request, Clocks);
        return new CycleModelComparison(name, new TileGeometry(config).Crossbars, cost, string.Join(", ", tools.Select(tool => $"{tool.Name} {tool.Version}")));
    }
}
