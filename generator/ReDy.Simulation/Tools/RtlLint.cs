using ReDy.Rtl;

namespace ReDy.Simulation.Tools;

/// <summary>What a tool finds wrong with a view of the Verilog; nothing is expected.</summary>
public sealed record LintFinding(InstalledTool Tool, string Text);

/// <summary>
/// Verilator, Icarus Verilog and Yosys on a bundle that was written to a folder. The simulators read the simulation view,
/// Yosys the synthesis view, in which the analog macro is a black box.
/// </summary>
public static class RtlLint
{
    public static async Task<IReadOnlyList<LintFinding>> RunAsync(RtlBundle bundle, string folder, CancellationToken cancellation = default)
    {
        Verilator verilator = await Verilator.FindAsync(cancellation);
        IcarusVerilog icarus = await IcarusVerilog.FindAsync(cancellation);
        Yosys yosys = await Yosys.FindAsync(cancellation);
        LintFinding[][] findings = await Task.WhenAll(
            Findings(verilator.Tool, verilator.LintAsync(folder, bundle.TopModule, [RtlBundle.LintWaiversPath, .. bundle.SimulationSources], cancellation)),
            Findings(icarus.Tool, icarus.LintAsync(folder, bundle.TopModule, bundle.SimulationSources, cancellation)),
            Findings(yosys.Tool, yosys.LintAsync(folder, bundle.TopModule, bundle.DigitalSources, cancellation)));
        return [.. findings.SelectMany(found => found)];
    }

    private static async Task<LintFinding[]> Findings(InstalledTool tool, Task<IReadOnlyList<string>> lint) =>
        [.. (await lint).Select(text => new LintFinding(tool, text))];
}
