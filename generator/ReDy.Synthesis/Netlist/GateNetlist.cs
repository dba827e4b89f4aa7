using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>
/// One bit of a connection: a net of the module, or a constant. Constants have the numbers 0 and 1; an undefined bit is
/// connected to 0.
/// </summary>
public readonly record struct NetBit(int Number)
{
    public static readonly NetBit Zero = new(0);
    public static readonly NetBit One = new(1);

    public bool IsConstant => Number < 2;
}

/// <summary>A port of a module, bit 0 first.</summary>
public sealed record GatePort(string Name, PinDirection Direction, IReadOnlyList<NetBit> Bits);

/// <summary>Bits at one pin of an instance, bit 0 first; library cells have one bit per pin.</summary>
public sealed record GatePin(string Name, PinDirection Direction, IReadOnlyList<NetBit> Bits);

/// <summary>An instance of a library cell, a macro or another module.</summary>
public sealed record GateInstance(string Name, string Type, IReadOnlyList<GatePin> Pins)
{
    public GatePin? Pin(string name) => Pins.FirstOrDefault(pin => pin.Name == name);
}

/// <summary>A module of a mapped netlist.</summary>
public sealed class GateModule
{
    public required string Name { get; init; }
    public required IReadOnlyList<GatePort> Ports { get; init; }
    public required IReadOnlyList<GateInstance> Instances { get; init; }

    /// <summary>Names of nets that have one in the RTL, e.g. <c>product_q[3]</c>; others are numbered.</summary>
    public required IReadOnlyDictionary<NetBit, string> NetNames { get; init; }

    public string NameOf(NetBit net) => NetNames.TryGetValue(net, out string? name) ? name : $"n{net.Number}";
}

/// <summary>A tile mapped to library cells, hierarchical: each module once.</summary>
public sealed class GateNetlist
{
    private readonly Dictionary<string, GateModule> byName;

    /// <param name="modules">In an order in which a module comes after those that it instantiates.</param>
    public GateNetlist(string top, IReadOnlyList<GateModule> modules)
    {
        (Top, Modules) = (top, modules);
        byName = modules.ToDictionary(module => module.Name);
    }

    public string Top { get; }
    public IReadOnlyList<GateModule> Modules { get; }

    public GateModule? Find(string module) => byName.GetValueOrDefault(module);

    public GateModule TopModule => byName[Top];

    /// <summary>How often each module is in the tile.</summary>
    public IReadOnlyDictionary<string, long> InstanceCounts()
    {
        var counts = Modules.ToDictionary(module => module.Name, _ => 0L);
        counts[Top] = 1;
        foreach (GateModule module in Modules.Reverse())
            foreach (GateInstance instance in module.Instances)
                if (counts.ContainsKey(instance.Type))
                    counts[instance.Type] += counts[module.Name];
        return counts;
    }
}
