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
        return
        [
            .. (await verilator.LintAsync(folder, bundle.TopModule, [RtlBundle.LintWaiversPath, .. bundle.SimulationSources], cancellation)).Select(text => new LintFinding(verilator.Tool, text)),
            .. (await icarus.LintAsync(folder, bundle.TopModule, bundle.SimulationSources, cancellation)).Select(text => new LintFinding(icarus.Tool, text)),
            .. (await yosys.LintAsync(folder, bundle.TopModule, bundle.SynthesisSources, cancellation)).Select(text => new LintFinding(yosys.Tool, text)),
        ];
    }
}
