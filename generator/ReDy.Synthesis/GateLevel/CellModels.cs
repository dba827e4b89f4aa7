using System.Text;
using ReDy.Architecture;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.GateLevel;

/// <summary>
/// Verilog models of library cells from the functions in the Liberty file, for simulation without delays. The models that come with
/// libraries are primitives and delays that a cycle simulator does not take.
/// </summary>
internal static class CellModels
{
    /// <param name="used">Names of the cells that the netlist has.</param>
    /// <exception cref="InputException">A cell without a function.</exception>
    public static string Of(StandardCells cells, IEnumerable<string> used)
    {
        var text = new StringBuilder($"// Cells of {cells.Library.Name}, from the functions of {Path.GetFileName(cells.LibertyPath)}. Without delays. What they are connected to is recorded outside.\n/* verilator tracing_off */\n");
        foreach (string name in used.Order(StringComparer.Ordinal))
            Write(text, cells.Library.Cells[name], cells.LibertyPath);
        return text.ToString();
    }

    private static void Write(StringBuilder text, LibertyCell cell, string path)
    {
        string[] ports = [.. cell.Inputs.Concat(cell.Outputs).Select(pin => $"{(pin.Direction == PinDirection.Output ? "output" : "input")} {pin.Name}")];
        text.Append($"\nmodule {cell.Name} ({string.Join(", ", ports)});\n");
        if (cell.ClockGate is not null)
            ClockGate(text, cell);
        else if (cell.State is { } state)
            State(text, cell, state, path);
        foreach (LibertyPin output in cell.Outputs.Where(_ => cell.ClockGate is null))
            text.Append($"  assign {output.Name} = {Function(output.Function, cell, path)};\n");
        text.Append("endmodule\n");
    }

    private static void State(StringBuilder text, LibertyCell cell, LibertyState state, string path)
    {
        string held = state.State[0], data = Function(state.Data, cell, path), clock = Function(state.Clock, cell, path);
        text.Append($"  reg {held};\n");
        if (state.State.Count > 1)
            text.Append($"  wire {state.State[1]} = ~{held};\n");
        if (state.IsLatch)
            text.Append($"  always @* if ({clock}) {held} = {data};\n");
        else if (state is { Clear: null, Preset: null })
            text.Append(clock.StartsWith('~') ? $"  always @(negedge {clock.TrimStart('~', '(').TrimEnd(')')}) {held} <= {data};\n" : $"  always @(posedge {clock.Trim('(', ')')}) {held} <= {data};\n");
        else
            throw new InputException($"{path}: the flip-flop {cell.Name} has an asynchronous input, which the tile never asks for; the mapped netlist should not have it");
    }

    /// <summary>Enabled while the clock is low, as every kind latch_posedge… is.</summary>
    private static void ClockGate(StringBuilder text, LibertyCell cell)
    {
        string clock = StandardCells.Role(cell, "clock_gate_clock_pin")!.Name, output = StandardCells.Role(cell, "clock_gate_out_pin")!.Name;
        string enable = string.Join(" | ", cell.Pins.Where(pin => pin.ClockGateRole is "clock_gate_enable_pin" or "clock_gate_test_pin").Select(pin => pin.Name));
        text.Append($"  reg held;\n  always @* if (~{clock}) held = {enable};\n  assign {output} = {clock} & held;\n");
    }

    private static string Function(string? function, LibertyCell cell, string path) =>
        function is null ? throw new InputException($"{path}: the cell {cell.Name} has an output without a function, so it cannot be simulated") : LogicFunction.Parse(function, $"{path}: cell {cell.Name}").Verilog;
}
