using System.Text;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>
/// A netlist as the plainest structural Verilog: ports, scalar wires, instances. No assignments except constant output
/// ports, no expressions, so that every reader takes it (OpenSTA of 2019 fails on assignments to concatenations).
/// </summary>
internal static class NetlistVerilog
{
    public static void Write(GateNetlist netlist, TextWriter output)
    {
        foreach (GateModule module in netlist.Modules)
            Write(module, output);
    }

    private static void Write(GateModule module, TextWriter output)
    {
        Dictionary<string, GatePort> ports = module.Ports.ToDictionary(port => port.Name);
        output.Write($"module {module.Name} ({string.Join(", ", module.Ports.Select(port => port.Name))});\n");
        foreach (GatePort port in module.Ports)
            output.Write($"  {(port.Direction == PinDirection.Output ? "output" : "input")} {(port.Bits.Count == 1 ? "" : $"[{port.Bits.Count - 1}:0] ")}{port.Name};\n");

        var named = new Dictionary<NetBit, string> { [NetBit.Zero] = "1'b0", [NetBit.One] = "1'b1" };
        foreach (GatePort port in module.Ports)
            for (int i = 0; i < port.Bits.Count; i++)
                if (!port.Bits[i].IsConstant)
                    named.TryAdd(port.Bits[i], port.Bits.Count == 1 ? port.Name : $"{port.Name}[{i}]");
        foreach (NetBit net in module.Instances.SelectMany(instance => instance.Pins).SelectMany(pin => pin.Bits))
        {
            if (named.ContainsKey(net))
                continue;
            string name = Identifier(module.NameOf(net));
            named[net] = name;
            output.Write($"  wire {name};\n");
        }

        foreach (GatePort port in module.Ports.Where(port => port.Direction == PinDirection.Output))
            for (int i = 0; i < port.Bits.Count; i++)
                if (port.Bits[i].IsConstant)
                    output.Write($"  assign {port.Name}{(port.Bits.Count == 1 ? "" : $"[{i}]")} = {named[port.Bits[i]]};\n");

        var line = new StringBuilder();
        foreach (GateInstance instance in module.Instances)
        {
            line.Clear().Append($"  {instance.Type} {Identifier(instance.Name)} (");
            for (int p = 0; p < instance.Pins.Count; p++)
                line.Append(p == 0 ? "" : ", ").Append('.').Append(instance.Pins[p].Name).Append('(').Append(Connection(instance.Pins[p].Bits, named, ports)).Append(')');
            output.Write(line.Append(");\n"));
        }

        output.Write("endmodule\n\n");
    }

    /// <summary>A whole port of the module by its name, otherwise bit for bit, the highest first.</summary>
    private static string Connection(IReadOnlyList<NetBit> bits, Dictionary<NetBit, string> named, Dictionary<string, GatePort> ports)
    {
        if (bits.Count == 1)
            return named[bits[0]];
        string first = named[bits[0]];
        return first.EndsWith("[0]", StringComparison.Ordinal) && ports.TryGetValue(first[..^3], out GatePort? port) && port.Bits.SequenceEqual(bits)
            ? port.Name
            : $"{{{string.Join(", ", bits.Reverse().Select(bit => named[bit]))}}}";
    }

    /// <summary>Names with brackets or dots are escaped, as Verilog has it: a backslash before, a blank behind.</summary>
    private static string Identifier(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : $"\\{name} ";
}
