using System.Text.RegularExpressions;

namespace ReDy.Simulation.Build;

/// <summary>A <c>reg</c> that a module declares.</summary>
public readonly record struct VerilogRegister(string Module, string Name);

/// <summary>
/// Reads out of Verilog text which registers its modules declare: <c>reg x_q</c>, <c>output reg x_q</c>, memories too. What
/// only assertions use is not part of the design.
/// </summary>
public static partial class VerilogRegisters
{
    public static IEnumerable<VerilogRegister> Of(string verilog)
    {
        string text = Assertions().Replace(Comment().Replace(verilog, " "), " ");
        foreach (Match module in Module().Matches(text))
            foreach (Match declaration in Declaration().Matches(module.Groups["body"].Value))
                foreach (Capture name in declaration.Groups["name"].Captures)
                    yield return new VerilogRegister(module.Groups["name"].Value, name.Value);
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(\\.|[^""\\])*""", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"`ifdef\s+REDY_ASSERTIONS\b.*?`endif", RegexOptions.Singleline)]
    private static partial Regex Assertions();

    [GeneratedRegex(@"\bmodule\s+(?<name>\w+)(?<body>.*?)\bendmodule\b", RegexOptions.Singleline)]
    private static partial Regex Module();

    // reg [signed] [range] name [array range] {, name [array range]}; in a port list the next port starts with a keyword.
    [GeneratedRegex(@"\breg\b(\s*signed\b)?(\s*\[[^\]]*\])*\s*(?<name>\w+)(\s*\[[^\]]*\])*(\s*=[^,;)]*)?(\s*,\s*(?!(input|output|inout)\b)(?<name>\w+)(\s*\[[^\]]*\])*(\s*=[^,;)]*)?)*")]
    private static partial Regex Declaration();
}
