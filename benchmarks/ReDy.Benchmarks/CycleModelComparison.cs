using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;

namespace ReDy.Benchmarks;

/// <summary>Golden model and Verilator simulation of the same tile through the same clocks, in turns.</summary>
/// <param name="Name">Of the preset.</param>
/// <param name="Tools">Verilator and C++ compiler.</param>
public sealed record CycleModelComparison(string Name, int Crossbars, LockstepCost Cost, string Tools)
{
    private const long Clocks = 200_000;

    /// <param name="name">Of a preset.</param>
    public static async Task<CycleModelComparison> MeasureAsync(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"redy-benchmark-{Environment.ProcessId}-{name}.yaml");
        await File.WriteAllTextAsync(path, TilePresets.Text(name));
        try
        {
            TileConfig config = TileConfigFile.Load(path);
            var request = new VerifyRequest
            {
                ConfigPath = path,
                Config = config,
                Operands = new OperandChoice { Classes = [OperandClass.Uniform, OperandClass.Sparse], VectorsPerClass = 16, Seed = 1 },
                Stimulus = StimulusOptions.Of(1, StallLevel.None) with { WeightsBy = WeightLoading.Backdoor },
                OutputPath = "",
            };
            (LockstepCost cost, IReadOnlyList<InstalledTool> tools) = await VerifyRun.BenchmarkAsync(request, Clocks);
            return new CycleModelComparison(name, new TileGeometry(config).Crossbars, cost, string.Join(", ", tools.Select(tool => $"{tool.Name} {tool.Version}")));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
