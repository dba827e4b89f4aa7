using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>The technology view of <c>clock_gate</c>: the library's gating cell, or a latch and an AND gate of the library.</summary>
internal static class ClockGateView
{
    /// <param name="module">Name with the bundle's prefix.</param>
    public static string Of(string module, StandardCells cells)
    {
        cells.RequireClockGating();
        string body = cells.ClockGate is { } gate ? Integrated(gate) : OfParts(cells);
        return $"""
            // {module}, made of cells of {cells.Library.Name}.
            module {module} (
              input  wire aclk,
              input  wire test_enable,
              input  wire enable,
              output wire gated_clock
            );
            {body}
            endmodule

            """.ReplaceLineEndings("\n");
    }

    private static string Integrated(LibertyCell gate)
    {
        string clock = StandardCells.Role(gate, "clock_gate_clock_pin")!.Name, enable = StandardCells.Role(gate, "clock_gate_enable_pin")!.Name;
        string output = StandardCells.Role(gate, "clock_gate_out_pin")!.Name;
        return StandardCells.Role(gate, "clock_gate_test_pin") is { } test
            ? $"  {gate.Name} gate (.{clock}(aclk), .{enable}(enable), .{test.Name}(test_enable), .{output}(gated_clock));"
            : $"  wire enabled = enable | test_enable;\n\n  {gate.Name} gate (.{clock}(aclk), .{enable}(enabled), .{output}(gated_clock));";
    }

    private static string OfParts(StandardCells cells)
    {
        LibertyCell latch = cells.Latch!, and = cells.And2!, inverter = cells.Inverter;
        LibertyPin[] andInputs = [.. and.Inputs];
        string output = latch.Outputs.First(pin => pin.Function == latch.State!.State[0]).Name;
        return $"""
              wire enabled = enable | test_enable;
              wire not_aclk;
              wire held;

              // Transparent while the clock is low.
              {inverter.Name} clock_inverter (.{inverter.Inputs.First().Name}(aclk), .{inverter.Outputs.First().Name}(not_aclk));
              {latch.Name} enable_latch (.{latch.State!.Clock.Trim('(', ')', ' ')}(not_aclk), .{latch.State.Data.Trim('(', ')', ' ')}(enabled), .{output}(held));
              {and.Name} gate (.{andInputs[0].Name}(aclk), .{andInputs[1].Name}(held), .{and.Outputs.First().Name}(gated_clock));
            """;
    }
}
