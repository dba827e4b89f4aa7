using System.Text.Json;
using System.Text.RegularExpressions;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>Reads the netlist that Yosys writes as JSON and gives instances names that a report can show.</summary>
internal static partial class YosysNetlist
{
    private const string RegisterSuffix = "_q";

    /// <param name="path">Of Yosys' <c>write_json</c>, after mapping.</param>
    public static GateNetlist Read(string path, string top, LibertyLibrary library)
    {
        using FileStream file = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(file);
        JsonElement modules = document.RootElement.GetProperty("modules");
        var sorted = new List<GateModule>();
        var seen = new HashSet<string>();
        Visit(top);
        return new GateNetlist(top, sorted);

        // Macros and library cells are described in the file too, without content.
        void Visit(string name)
        {
            if (!modules.TryGetProperty(name, out JsonElement module) || IsBlackBox(module) || !seen.Add(name))
                return;
            foreach (JsonProperty cell in module.GetProperty("cells").EnumerateObject())
                Visit(cell.Value.GetProperty("type").GetString()!);
            sorted.Add(Module(name, module, library));
        }
    }

    private static bool IsBlackBox(JsonElement module) =>
        module.TryGetProperty("attributes", out JsonElement attributes) && attributes.TryGetProperty("blackbox", out _);

    private static GateModule Module(string name, JsonElement module, LibertyLibrary library)
    {
        GatePort[] ports =
        [
            .. module.GetProperty("ports").EnumerateObject()
                .Select(port => new GatePort(port.Name, Direction(port.Value.GetProperty("direction").GetString()!), Bits(port.Value.GetProperty("bits")))),
        ];
        Dictionary<NetBit, string> names = NetNames(module, ports), registers = RegisterNames(module);
        var taken = new HashSet<string>();
        GateInstance[] instances = [.. module.GetProperty("cells").EnumerateObject().Select(cell => Instance(cell, library, registers, names, taken))];
        return new GateModule { Name = name, Ports = ports, Instances = instances, NetNames = names };
    }

    /// <summary>Ports first, then the shortest name that the RTL gives, then words of memories that became registers.</summary>
    private static Dictionary<NetBit, string> NetNames(JsonElement module, GatePort[] ports)
    {
        var names = new Dictionary<NetBit, string>();
        foreach (GatePort port in ports)
            Name(port.Name, port.Bits);
        foreach (JsonProperty net in module.GetProperty("netnames").EnumerateObject()
            .Where(net => net.Value.GetProperty("hide_name").GetInt32() == 0).OrderBy(net => net.Name.Length).ThenBy(net => net.Name, StringComparer.Ordinal))
            Name(net.Name, Bits(net.Value.GetProperty("bits")));
        foreach (JsonProperty net in module.GetProperty("netnames").EnumerateObject())
            if (MemoryWord().Match(net.Name) is { Success: true } word)
                Name(word.Groups[1].Value, Bits(net.Value.GetProperty("bits")));
        return names;

        void Name(string name, IReadOnlyList<NetBit> bits)
        {
            for (int i = 0; i < bits.Count; i++)
                if (!bits[i].IsConstant)
                    names.TryAdd(bits[i], bits.Count == 1 ? name : $"{name}[{i}]");
        }
    }

    /// <summary>Only what the RTL calls a register; a port that shows one has another name.</summary>
    private static Dictionary<NetBit, string> RegisterNames(JsonElement module)
    {
        var names = new Dictionary<NetBit, string>();
        foreach (JsonProperty net in module.GetProperty("netnames").EnumerateObject().Where(net => net.Name.EndsWith(RegisterSuffix, StringComparison.Ordinal) && !net.Name.Contains('.')))
        {
            NetBit[] bits = Bits(net.Value.GetProperty("bits"));
            for (int i = 0; i < bits.Length; i++)
                names.TryAdd(bits[i], bits.Length == 1 ? net.Name : $"{net.Name}[{i}]");
        }

        return names;
    }

    private static GateInstance Instance(JsonProperty cell, LibertyLibrary library, Dictionary<NetBit, string> registers, Dictionary<NetBit, string> names, HashSet<string> taken)
    {
        string type = cell.Value.GetProperty("type").GetString()!;
        JsonElement directions = cell.Value.TryGetProperty("port_directions", out JsonElement given) ? given : default;
        GatePin[] pins =
        [
            .. cell.Value.GetProperty("connections").EnumerateObject().Select(pin => new GatePin(
                pin.Name,
                library.Cells.TryGetValue(type, out LibertyCell? known) && known.Pin(pin.Name) is { } libraryPin ? libraryPin.Direction : Direction(directions.GetProperty(pin.Name).GetString()!),
                Bits(pin.Value))),
        ];
        string name = library.Cells.TryGetValue(type, out LibertyCell? found) && found.State is not null ? RegisterName(pins, registers) ?? RegisterName(pins, names) ?? cell.Name : cell.Name;
        name = name.StartsWith('$') ? $"u_{taken.Count}" : name;
        if (!taken.Add(name))
        {
            name = $"{name}_{taken.Count}";
            taken.Add(name);
        }

        return new GateInstance(name, type, pins);
    }

    /// <summary>A flip-flop is called like the register bit that it holds, e.g. <c>product_q_reg[3]</c>.</summary>
    private static string? RegisterName(GatePin[] pins, Dictionary<NetBit, string> names)
    {
        string? register = pins.Where(pin => pin.Direction == PinDirection.Output).SelectMany(pin => pin.Bits)
            .Select(bit => names.GetValueOrDefault(bit)).FirstOrDefault(name => name is not null);
        return register is null ? null
            : register.EndsWith(']') && register.LastIndexOf('[') is int bracket ? $"{register[..bracket]}_reg{register[bracket..]}"
            : register + "_reg";
    }

    // What memory_map makes of word 3 of a memory: $memory\words[3]$1234.
    [GeneratedRegex(@"^\$memory\\(\w+\[\d+\])\$\d+$")]
    private static partial Regex MemoryWord();

    private static PinDirection Direction(string text) => text switch { "output" => PinDirection.Output, "inout" => PinDirection.InOut, _ => PinDirection.Input };

    private static NetBit[] Bits(JsonElement bits) =>
        [.. bits.EnumerateArray().Select(bit => bit.ValueKind == JsonValueKind.Number ? new NetBit(bit.GetInt32()) : bit.GetString() == "1" ? NetBit.One : NetBit.Zero)];
}
