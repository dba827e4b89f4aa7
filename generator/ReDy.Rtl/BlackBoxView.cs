namespace ReDy.Rtl;

/// <summary>The black box that synthesis sees of a macro: parameters and ports of its behavioural view, nothing inside. Plain Verilog-2005.</summary>
internal static class BlackBoxView
{
    /// <param name="behavioural">A module in the style of the templates: header up to a line <c>);</c>, ports declared in it.</param>
    public static string Of(string module, string behavioural)
    {
        int start = behavioural.IndexOf($"module {module} ", StringComparison.Ordinal);
        int end = start < 0 ? -1 : behavioural.IndexOf("\n);\n", start, StringComparison.Ordinal);
        if (end < 0)
            throw new InvalidOperationException($"The behavioural view of {module} has no module header in the style of the templates.");
        return $"""
            `default_nettype none

            // {module}, black box for synthesis: the pins of a hard macro. Simulation uses the module of the same name in views/simulation,
            // timing and layout the Liberty and LEF files beside the synthesis scripts. The next line keeps OpenLane 2 from giving it to OpenSTA:
            /// sta-blackbox

            (* blackbox *)
            {behavioural[start..end]}
            );

            endmodule

            `default_nettype wire

            """.ReplaceLineEndings("\n");
    }
}
