using ReDy.Simulation.Build;

namespace ReDy.Simulation.Tests.Build;

public sealed class VerilogRegistersTests
{
    [Fact]
    public void Registers_vectors_memories_and_output_registers_are_found_with_their_module()
    {
        const string verilog =
            """
            module first #(parameter W = 3) (
                input wire aclk, output reg [W-1:0] a_q, output reg signed b_q, input wire [3:0] not_this_q, output wire nor_this_q
            );
                reg [W-1:0] c_q, d_q;
                reg signed [7:0] e_q = 8'd3, f_q;
                reg [7:0] memory [0:15];
                // reg comment_q;
                /* reg comment_q; */
                initial $display("reg string_q;");
            `ifdef REDY_ASSERTIONS
                reg only_for_assertions_q;
            `endif
            endmodule
            module second (output reg [1:0] g_q);
            endmodule
            """;

        VerilogRegisters.Of(verilog).Select(register => $"{register.Module}.{register.Name}")
            .ShouldBe(["first.a_q", "first.b_q", "first.c_q", "first.d_q", "first.e_q", "first.f_q", "first.memory", "second.g_q"]);
    }
}
